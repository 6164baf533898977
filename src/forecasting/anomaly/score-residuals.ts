import { InvalidSeriesError } from '../invalid-series-error';
import type { LoadPoint } from '../regularize-points';
import { scorePoints } from './score-points';

/**
 * The anomaly score of each forecast error, 0..1: what a forecast expected is no anomaly, however high it is. `actual` and `expected` are in the series' unit,
 * `expected[i]` made before `actual[i]` was known; null in either is a gap.
 * @throws InvalidSeriesError for unequal lengths, for what is no finite number within ±1e18, and for a time that is none.
 */
export function scoreResiduals(actual: readonly LoadPoint[], expected: readonly (number | null)[]): Float64Array {
  if (actual.length !== expected.length) throw new InvalidSeriesError('expected', `there are ${expected.length} forecasts for ${actual.length} values`);
  return scorePoints(actual.map(({ atMs, value }, i) => ({ atMs, value: difference(value, expected[i] ?? null) })));
}

function difference(value: number | null, expected: number | null): number | null {
  return value === null || expected === null ? null : value - expected;
}
