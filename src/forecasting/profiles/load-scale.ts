import { medianOf } from '../quantile-of-sorted';

/**
 * How loads are compared: `asinh(load / unit)` is linear around idle and logarithmic above it, so that a small and a large workload that double look alike. The unit is a tenth of
 * what kin use in the middle.
 */
export interface LoadScale {
  readonly unit: number;
}

const UNIT_SHARE = 0.1;

/** @param rows values of each kin, gaps as NaN */
export function scaleOfKin(rows: readonly Float64Array[]): LoadScale {
  const medians = rows.map((values) => medianOf(values.filter((value) => !Number.isNaN(value)).map(Math.abs)));
  const middle = medianOf(medians);
  if (middle > 0) return { unit: UNIT_SHARE * middle };
  const highest = rows.reduce((most, values) => values.reduce((top, value) => (Math.abs(value) > top ? Math.abs(value) : top), most), 0);
  return { unit: highest > 0 ? UNIT_SHARE * highest : 1 };
}

export function toScale({ unit }: LoadScale, value: number): number {
  return Math.asinh(value / unit);
}

export function fromScale({ unit }: LoadScale, scaled: number): number {
  return unit * Math.sinh(scaled);
}
