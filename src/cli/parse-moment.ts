import { InvalidArgumentError } from 'commander';
import { UNIT_MS } from '../domain/unit-ms';

const WITH_ZONE = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

/** A time gone by, in ms since 1970: a span before now (`90m`, `2h`, `3d`), or a time with its zone. @throws InvalidArgumentError */
export function momentGone(text: string): number {
  const atMs = momentOf(text, -1);
  if (Number.isNaN(atMs)) throw new InvalidArgumentError('Expected a span before now such as 90m, 2h or 3d, or a time with its zone such as 2026-11-26T10:00:00Z.');
  return atMs;
}

/** A time to come, in ms since 1970: a span from now (`90m`, `2h`, `3d`), or a time with its zone. @throws InvalidArgumentError */
export function momentToCome(text: string): number {
  const atMs = momentOf(text, 1);
  if (Number.isNaN(atMs)) throw new InvalidArgumentError('Expected a span from now such as 90m, 2h or 3d, or a time with its zone such as 2026-11-26T10:00:00Z.');
  if (atMs <= Date.now()) throw new InvalidArgumentError('Expected a time to come.');
  return atMs;
}

// NaN for what is neither a span nor a time.
function momentOf(text: string, direction: 1 | -1): number {
  const [, amount, unit] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  if (amount !== undefined && unit !== undefined) return Date.now() + direction * Number(amount) * (UNIT_MS[unit] ?? NaN);
  return WITH_ZONE.test(text) ? Date.parse(text) : NaN;
}
