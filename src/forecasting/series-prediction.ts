import type { SeriesPrediction } from './forecast-model';
import type { LoadSeries } from './load-series';
import type { PathDistribution } from './path-distribution';

/** A distribution as the prediction of a series, held within its bounds (a weighted sum may pass them by rounding). */
export function toSeriesPrediction(series: LoadSeries, levels: readonly number[], distribution: PathDistribution, notes: readonly string[]): SeriesPrediction {
  const lower = series.bounds?.lower ?? -Infinity;
  const upper = series.bounds?.upper ?? Infinity;
  // A day has thousands of numbers: writing over a copy, which has its size from the start, takes a fraction of what `Array.from` does.
  const held = (row: number[], values: Float64Array, from: number) => {
    for (let i = 0; i < row.length; i++) {
      const value = values[from + i] as number;
      row[i] = value < lower ? lower : value > upper ? upper : value;
    }
    return row;
  };
  const quantiles: number[][] = [];
  for (let at = 0; at < distribution.quantiles.length; at += levels.length) quantiles.push(held(levels.slice(), distribution.quantiles, at));
  return {
    id: series.id,
    issuedAtMs: series.startAtMs + (series.values.length - 1) * series.stepMs,
    stepMs: series.stepMs,
    levels: [...levels],
    quantiles,
    mean: held(new Array<number>(distribution.mean.length).fill(0), distribution.mean, 0),
    peakQuantiles: held(levels.slice(), distribution.peak, 0),
    notes,
  };
}

/** The notes that every model owes its reader about a history. */
export function historyNotes(series: LoadSeries): string[] {
  let missing = 0;
  for (let i = 0; i < series.values.length; i++) if (series.values[i] === null) missing++;
  const notes: string[] = [];
  if (missing > 0) notes.push(`${missing} of ${series.values.length} steps had no value and were filled`);
  if (series.values.at(-1) === null) notes.push('the latest step has no value: the forecast continues from the last one seen');
  return notes;
}
