import type { SeriesPrediction } from './forecast-model';
import type { LoadSeries } from './load-series';
import type { PathDistribution } from './path-distribution';

/** A distribution as the prediction of a series, held within its bounds (a weighted sum may pass them by rounding). */
export function toSeriesPrediction(series: LoadSeries, levels: readonly number[], distribution: PathDistribution, notes: readonly string[]): SeriesPrediction {
  const lower = series.bounds?.lower ?? -Infinity;
  const upper = series.bounds?.upper ?? Infinity;
  // Plain loops: a day has thousands of numbers, and `Array.from` takes several times as long.
  const held = (values: Float64Array, from = 0, end = values.length) => {
    const row: number[] = [];
    for (let i = from; i < end; i++) row.push(Math.min(upper, Math.max(lower, values[i] as number)));
    return row;
  };
  const quantiles: number[][] = [];
  for (let at = 0; at < distribution.quantiles.length; at += levels.length) quantiles.push(held(distribution.quantiles, at, at + levels.length));
  return {
    id: series.id,
    issuedAtMs: series.startAtMs + (series.values.length - 1) * series.stepMs,
    stepMs: series.stepMs,
    levels: [...levels],
    quantiles,
    mean: held(distribution.mean),
    peakQuantiles: held(distribution.peak),
    notes,
  };
}

/** The notes that every model owes its reader about a history. */
export function historyNotes(series: LoadSeries): string[] {
  let missing = 0;
  for (const value of series.values) if (value === null) missing++;
  const notes: string[] = [];
  if (missing > 0) notes.push(`${missing} of ${series.values.length} steps had no value and were filled`);
  if (series.values.at(-1) === null) notes.push('the latest step has no value: the forecast continues from the last one seen');
  return notes;
}
