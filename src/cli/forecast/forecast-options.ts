import { InvalidArgumentError } from 'commander';

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** A time span such as 90s, 30m, 24h or 7d, in ms. @throws InvalidArgumentError (exit code 2; commander names the option and the text) */
export function timeSpan(text: string): number {
  const [, amount = '', unit = ''] = /^(\d+(?:\.\d+)?) ?(s|m|min|h|d)$/.exec(text.trim()) ?? [];
  const ms = Number(amount) * (UNIT_MS[unit] ?? NaN);
  if (!(ms > 0) || !Number.isFinite(ms)) throw new InvalidArgumentError('Expected a time span such as 90s, 30m, 24h or 7d.');
  return ms;
}

/** A finite number in the unit of the series. @throws InvalidArgumentError */
export function amount(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('Expected a number, in the unit of the series.');
  return value;
}
