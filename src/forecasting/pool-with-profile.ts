import { dayLengthOf } from './day-length';
import type { SeriesPrediction } from './forecast-model';
import type { LoadSeries } from './load-series';

const DAYS = 14;
const HALF_WIDTH_MS = 90 * 60_000;
const GRID_MS = 900_000;

/**
 * Pools a forecast linearly (Stone 1961) with what the same time of day, an hour and a half to either side, brought in the last two weeks: `weight` (0..1) says how much
 * the past counts. A model trained on the levels from 0.05 to 0.95 knows little of its tail; sizes are decided there, and bursts that come at no
 * regular time stand in the past's tail alone. The mean and the peak stay the model's.
 */
export function poolWithProfile(prediction: SeriesPrediction, series: LoadSeries, weight: number): SeriesPrediction {
  const { stepMs, levels } = prediction;
  const dayLength = dayLengthOf(series);
  const shares = levels.map((level, i) => {
    const below = i === 0 ? 0 : ((levels[i - 1] as number) + level) / 2;
    const above = i === levels.length - 1 ? 1 : (level + (levels[i + 1] as number)) / 2;
    return (above - below) * (1 - weight);
  });
  const stride = Math.max(1, Math.round(GRID_MS / stepMs));
  let seen: Float64Array = new Float64Array();
  const quantiles = prediction.quantiles.map((own, step) => {
    if (step % stride === 0) seen = valuesAround(series, step, dayLength, stride);
    return seen.length === 0 ? own : pooledQuantiles(own, shares, seen, weight / seen.length, levels);
  });
  return { ...prediction, quantiles };
}

/** What was measured around the same time of the last days, rising. */
function valuesAround({ values, stepMs }: LoadSeries, step: number, dayLength: number, stride: number): Float64Array {
  const half = Math.round(HALF_WIDTH_MS / stepMs);
  const found: number[] = [];
  for (let day = 1; day <= DAYS; day++) {
    const middle = values.length + step - day * dayLength;
    for (let at = middle - half; at <= middle + half; at += stride) {
      const value = at >= 0 ? values[at] : undefined;
      if (value !== undefined && value !== null) found.push(value);
    }
  }
  return Float64Array.from(found).sort();
}

/** Quantiles of the mixture of two rising samples, of which the first has its own shares and the second one share for each. */
function pooledQuantiles(own: readonly number[], shares: readonly number[], seen: Float64Array, seenShare: number, levels: readonly number[]): number[] {
  let i = 0;
  let j = 0;
  let sum = 0;
  let value = Math.min(own[0] as number, seen[0] as number);
  return levels.map((level) => {
    while (sum < level && (i < own.length || j < seen.length)) {
      const fromOwn = j >= seen.length || (i < own.length && (own[i] as number) <= (seen[j] as number));
      value = (fromOwn ? own[i] : seen[j]) as number;
      sum += fromOwn ? (shares[i] as number) : seenShare;
      if (fromOwn) i += 1;
      else j += 1;
    }
    return value;
  });
}
