import { InvalidSeriesError } from '../invalid-series-error';
import { scoreValues } from './score-values';

/**
 * The anomaly score of each forecast error, 0..1: what a forecast expected is no anomaly, however high it is. `actual` and `expected` are in the series' unit,
 * `expected[i]` made before `actual[i]` was known; null in either is a gap.
 * @throws InvalidSeriesError for unequal lengths and for what is no finite number within ±1e18.
 */
export function scoreResiduals(actual: readonly (number | null)[], expected: readonly (number | null)[]): Float64Array {
  if (actual.length !== expected.length) throw new InvalidSeriesError('expected', `there are ${expected.length} forecasts for ${actual.length} values`);
  return scoreValues(actual.map((value, i) => difference(value, expected[i] ?? null)));
}

function difference(value: number | null, expected: number | null): number | null {
  return value === null || expected === null ? null : value - expected;
}
