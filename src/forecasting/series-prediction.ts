import type { SeriesPrediction } from './forecast-model';
import type { LoadSeries } from './load-series';
import type { PathDistribution } from './path-distribution';

/** A distribution as the prediction of a series, held within its bounds (a weighted sum may pass them by rounding). */
export function toSeriesPrediction(series: LoadSeries, levels: readonly number[], distribution: PathDistribution, notes: readonly string[]): SeriesPrediction {
  const lower = series.bounds?.lower ?? -Infinity;
  const upper = series.bounds?.upper ?? Infinity;
  const held = (values: Float64Array) => Array.from(values, (value) => Math.min(upper, Math.max(lower, value)));
  return {
    id: series.id,
    issuedAtMs: series.startAtMs + (series.values.length - 1) * series.stepMs,
    stepMs: series.stepMs,
    levels: [...levels],
    quantiles: distribution.quantiles.map(held),
    mean: held(distribution.mean),
    peakQuantiles: held(distribution.peak),
    notes,
  };
}

/** The notes that every model owes its reader about a history. */
export function historyNotes(series: LoadSeries): string[] {
  const missing = series.values.filter((value) => value === null).length;
  const notes: string[] = [];
  if (missing > 0) notes.push(`${missing} of ${series.values.length} steps had no value and were filled`);
  if (series.values.at(-1) === null) notes.push('the latest step has no value: the forecast continues from the last one seen');
  return notes;
}
