import type { SeriesBounds } from './load-series';
import { quantileOfSorted } from './quantile-of-sorted';

/** The distribution that sample paths or a mixture of them stand for. */
export interface PathDistribution {
  /** `[step][level]` */
  readonly quantiles: readonly Float64Array[];
  readonly mean: Float64Array;
  /** `[level]`, of the highest value over all steps. */
  readonly peak: Float64Array;
}

/**
 * Reads quantiles, mean and peak off paths. Bounds cut every path, so that all three keep them. `spread` widens (above 1) the paths around
 * their median step by step.
 */
export function distributionOfPaths(paths: readonly Float64Array[], levels: readonly number[], bounds: SeriesBounds, spread: number): PathDistribution {
  const horizon = paths[0]?.length ?? 0;
  const peaks = new Float64Array(paths.length).fill(-Infinity);
  const column = new Float64Array(paths.length);
  const lower = bounds.lower ?? -Infinity;
  const upper = bounds.upper ?? Infinity;
  const mean = new Float64Array(horizon);
  const quantiles: Float64Array[] = [];
  for (let h = 0; h < horizon; h++) {
    for (let s = 0; s < paths.length; s++) column[s] = (paths[s] as Float64Array)[h] as number;
    const sorted = Float64Array.from(column).sort();
    const median = quantileOfSorted(sorted, 0.5);
    const adjust = (value: number) => Math.min(upper, Math.max(lower, spread === 1 ? value : median + spread * (value - median)));
    let sum = 0;
    for (let s = 0; s < paths.length; s++) {
      const value = adjust(column[s] as number);
      sum += value;
      if (value > (peaks[s] as number)) peaks[s] = value;
    }
    // Rounding must not push the mean of equal values beyond them.
    mean[h] = Math.min(adjust(sorted[sorted.length - 1] as number), Math.max(adjust(sorted[0] as number), sum / paths.length));
    quantiles.push(Float64Array.from(levels, (level) => adjust(quantileOfSorted(sorted, level))));
  }
  peaks.sort();
  return { quantiles, mean, peak: Float64Array.from(levels, (level) => quantileOfSorted(peaks, level)) };
}

/**
 * Mixes distributions level by level (Vincent 1912): sharper than pooling paths, and never crossing since every part rises.
 *
 * @param weights one per part, summing to 1
 */
export function mixDistributions(parts: readonly PathDistribution[], weights: readonly number[]): PathDistribution {
  const mix = (pick: (part: PathDistribution) => Float64Array): Float64Array => {
    const first = pick(parts[0] as PathDistribution);
    // Sums of differences to the first part, so that values on which all parts agree stay exact.
    return first.map((start, i) => parts.reduce((sum, part, p) => sum + (weights[p] as number) * ((pick(part)[i] as number) - start), start));
  };
  const first = parts[0] as PathDistribution;
  return {
    quantiles: first.quantiles.map((_, h) => withoutCrossing(mix((part) => part.quantiles[h] as Float64Array))),
    mean: mix((part) => part.mean),
    peak: withoutCrossing(mix((part) => part.peak)),
  };
}

/** Rounding may put a quantile a hair below the one before it. */
function withoutCrossing(values: Float64Array): Float64Array {
  for (let i = 1; i < values.length; i++) values[i] = Math.max(values[i] as number, values[i - 1] as number);
  return values;
}

/** Mean pinball loss (Koenker and Bassett 1978) of the quantiles against what came, over all steps and levels. */
export function pinballLoss(quantiles: readonly Float64Array[], levels: readonly number[], truth: ArrayLike<number>): number {
  let sum = 0;
  quantiles.forEach((row, h) => {
    levels.forEach((level, i) => {
      const error = (truth[h] as number) - (row[i] as number);
      sum += error >= 0 ? level * error : (level - 1) * error;
    });
  });
  return sum / (quantiles.length * levels.length);
}
