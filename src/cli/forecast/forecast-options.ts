import { InvalidArgumentError } from 'commander';
import { UNIT_MS } from '../../domain/unit-ms';

/** A time span such as 90s, 30m, 24h or 7d, in ms. @throws InvalidArgumentError (exit code 2; commander names the option and the text) */
export function timeSpan(text: string): number {
  const [, amount = '', unit = ''] = /^(\d+(?:\.\d+)?) ?(s|m|min|h|d)$/.exec(text.trim()) ?? [];
  const ms = Number(amount) * (UNIT_MS[unit === 'min' ? 'm' : unit] ?? NaN);
  if (!(ms > 0) || !Number.isFinite(ms)) throw new InvalidArgumentError('Expected a time span such as 90s, 30m, 24h or 7d.');
  return ms;
}

/** A finite number in the unit of the series. @throws InvalidArgumentError */
export function amount(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('Expected a number, in the unit of the series.');
  return value;
}
