import type { LoadUnit } from '../../../domain/forecast';

/** `number` for a series of which nobody said what it counts. */
export type SeriesUnit = LoadUnit | 'number';

const PREFIXES: readonly (readonly [number, string])[] = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
];

const SUFFIXES: Readonly<Record<Exclude<LoadUnit, 'percent'>, string>> = { bytesPerSecond: 'B/s', bytes: 'B', vcpus: 'vCPU' };

/** A value with its unit, three digits or so: "41.2 %", "12.5 MB/s", "1.25k". */
export function formatAmount(value: number, unit: SeriesUnit): string {
  if (unit === 'percent') return `${withDigits(value)} %`;
  const [factor, prefix] = PREFIXES.find(([size]) => Math.abs(value) >= size) ?? [1, ''];
  const digits = withDigits(value / factor);
  return unit === 'number' ? `${digits}${prefix}` : `${digits} ${prefix}${SUFFIXES[unit]}`;
}

/** "36.9 .. 40.2 %": two values whose unit is said once where it is the same. */
export function formatRange(low: number, high: number, unit: SeriesUnit): string {
  const [lower, upper] = [formatAmount(low, unit), formatAmount(high, unit)];
  const unitPart = / .*$/.exec(upper)?.[0] ?? '';
  return `${lower.endsWith(unitPart) ? lower.slice(0, lower.length - unitPart.length) : lower} .. ${upper}`;
}

/** Columns of numbers align where their size decides about the digits after the point, not their value. */
function withDigits(value: number): string {
  const size = Math.abs(value);
  if (size === 0 || size >= 100) return value.toFixed(0);
  if (size >= 1) return value.toFixed(size >= 10 ? 1 : 2);
  return size >= 0.001 ? value.toFixed(3) : value.toExponential(1);
}

/** "5 min", "24 h", "7 d": the largest unit that tells it in whole numbers up to two days, days beyond. */
export function formatSpan(ms: number): string {
  const units: readonly (readonly [number, string])[] = [
    [86_400_000, 'd'],
    [3_600_000, 'h'],
    [60_000, 'min'],
    [1_000, 's'],
  ];
  const fit = units.find(([size]) => ms % size === 0 && (size < 86_400_000 || ms >= 2 * size));
  const [size, name] = fit ?? [1_000, 's'];
  return `${Number((ms / size).toFixed(1))} ${name}`;
}
