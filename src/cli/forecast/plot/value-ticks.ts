import type { SeriesBounds } from '../../../forecasting/load-series';

const MOST_STEPS = 6;
/** Where the lowest value is below this share of the highest, the axis begins at zero: heights can be compared then. */
const SHOW_ZERO_BELOW = 0.5;

/** Ticks at round values that enclose all values, within the bounds where they do. */
export function valueTicks(values: readonly number[], bounds: SeriesBounds): number[] {
  const highest = values.reduce((high, value) => Math.max(high, value), -Infinity);
  const lowest = values.reduce((low, value) => Math.min(low, value), Infinity);
  const low = bounds.lower === 0 && lowest >= 0 && lowest < SHOW_ZERO_BELOW * highest ? 0 : lowest;
  const span = highest - low || Math.abs(highest) * 0.2 || 1;
  const step = roundStep(span / MOST_STEPS);
  // A flat series lies in the middle; nothing may touch the frame unless it is a bound.
  const from = Math.floor((highest === low ? low - span / 2 : low) / step);
  const to = Math.ceil((highest === low ? highest + span / 2 : highest) / step);
  const first = bounds.lower === undefined || lowest < bounds.lower ? from : Math.max(from, Math.ceil(bounds.lower / step));
  return Array.from({ length: to - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** 1, 2 or 5 times a power of ten, at least `size`. */
function roundStep(size: number): number {
  const power = 10 ** Math.floor(Math.log10(size));
  return ([1, 2, 5].find((factor) => factor * power >= size) ?? 10) * power;
}
