import type { ModelSettings } from '../domain/model-choice';
import type { SeriesPrediction } from './forecast-model';
import type { SeriesBounds } from './load-series';
import { medianLevel } from './median-level';

/** A prediction with its intervals stretched around their medians, within the series' bounds. The means stay. */
export function widenPrediction(prediction: SeriesPrediction, { spread, peakSpread }: Pick<ModelSettings, 'spread' | 'peakSpread'>, { lower = -Infinity, upper = Infinity }: SeriesBounds): SeriesPrediction {
  if (spread === 1 && peakSpread === 1) return prediction;
  const { levels } = prediction;
  const centre = medianLevel(levels);
  const stretch = (row: readonly number[], by: number): number[] => {
    const median = row[centre] as number;
    return row.map((value) => Math.min(upper, Math.max(lower, median + by * (value - median))));
  };
  return { ...prediction, quantiles: prediction.quantiles.map((row) => stretch(row, spread)), peakQuantiles: stretch(prediction.peakQuantiles, peakSpread) };
}
