import type { LoadSeries } from '../../../src/forecasting/load-series';
import { quantileOfSorted } from '../../../src/forecasting/quantile-of-sorted';

/**
 * Turns a trace in any unit into CPU percent of a machine that is just too small for it: the limit lies at the trace's 0.97 quantile, which the load
 * passes now and then. Choosing that size takes knowledge of the whole trace; the forecasts made on the result do not have it. Values are cut to 0..100,
 * since a machine cannot do more.
 */
export function scaleToPercent(series: LoadSeries, limitPercent: number): LoadSeries {
  const seen = Float64Array.from(series.values.filter((value) => value !== null)).sort();
  const full = quantileOfSorted(seen, 0.97);
  if (!(full > 0)) throw new RangeError(`${series.id}: cannot be scaled, its 0.97 quantile is ${full}`);
  const values = series.values.map((value) => (value === null ? null : Math.min(100, Math.max(0, (value / full) * limitPercent))));
  return { ...series, values, bounds: { lower: 0, upper: 100 } };
}
