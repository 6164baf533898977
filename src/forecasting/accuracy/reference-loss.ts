import { STANDARD_LEVELS } from '../forecast-model';
import { quantileOfSorted } from '../quantile-of-sorted';
import { LONGEST_SHORT_HORIZON } from '../rules/backtest-rules';

/**
 * Pinball loss of the naive forecast that every other is held against: "last value plus past changes over the same lead" (up to `LONGEST_SHORT_HORIZON`) or "yesterday plus
 * past day-to-day changes" (longer), at the 19 standard levels, in the load's unit.
 *
 * @param values the history, without gaps
 * @param future what came, null for steps that nobody saw
 */
export function referenceLoss(values: Float64Array, dayLength: number, horizon: number, future: readonly (number | null)[]): number {
  const end = values.length;
  // Without a day there is no yesterday.
  const short = horizon <= LONGEST_SHORT_HORIZON || end <= dayLength;
  const first = short ? Math.max(0, end - 14 * dayLength) : 0;
  let sum = 0;
  let count = 0;
  let spread: number[] = [];
  future.forEach((value, h) => {
    if (value === null) return;
    const lag = short ? Math.min(h + 1, end - 1) : dayLength;
    if (short || h === 0 || spread.length === 0) {
      const changes = Float64Array.from({ length: Math.max(1, end - first - lag) }, (_, i) => (values[first + i + lag] ?? 0) - (values[first + i] as number)).sort();
      spread = STANDARD_LEVELS.map((level) => quantileOfSorted(changes, level));
    }
    const centre = values[short ? end - 1 : end - dayLength + (h % dayLength)] as number;
    STANDARD_LEVELS.forEach((level, l) => {
      const error = value - centre - (spread[l] as number);
      sum += error >= 0 ? level * error : (level - 1) * error;
      count++;
    });
  });
  return sum / Math.max(1, count);
}
