import type { SeriesBounds } from './load-series';
import { quantileOfSorted } from './quantile-of-sorted';
import type { PathSet } from './rules/path-rule';
import { sortNumbers } from './sort-numbers';

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
export function distributionOfPaths(paths: PathSet, horizon: number, levels: readonly number[], bounds: SeriesBounds, spread: number): PathDistribution {
  const { count } = paths;
  const lower = bounds.lower ?? -Infinity;
  const upper = bounds.upper ?? Infinity;
  let column = new Float64Array(count);
  let before = new Float64Array(count).fill(NaN);
  const sorted = new Float64Array(count);
  const peaks = new Float64Array(count).fill(-Infinity);
  const mean = new Float64Array(horizon);
  const quantiles: Float64Array[] = [];
  for (let h = 0; h < horizon; h++) {
    paths.column(h, column);
    // Levels that stay and idle load give the same column again: sorting is what costs here.
    if (sameValues(column, before)) {
      mean[h] = mean[h - 1] as number;
      quantiles.push(quantiles[h - 1] as Float64Array);
      continue;
    }
    sorted.set(column);
    sortNumbers(sorted);
    const median = quantileOfSorted(sorted, 0.5);
    let sum = 0;
    for (let s = 0; s < count; s++) {
      const widened = spread === 1 ? (column[s] as number) : median + spread * ((column[s] as number) - median);
      const value = widened < lower ? lower : widened > upper ? upper : widened;
      sum += value;
      if (value > (peaks[s] as number)) peaks[s] = value;
    }
    if (spread !== 1) for (let s = 0; s < count; s++) sorted[s] = median + spread * ((sorted[s] as number) - median);
    for (let s = 0; s < count && (sorted[s] as number) < lower; s++) sorted[s] = lower;
    for (let s = count - 1; s >= 0 && (sorted[s] as number) > upper; s--) sorted[s] = upper;
    // Rounding must not push the mean of equal values beyond them.
    mean[h] = Math.min(sorted[count - 1] as number, Math.max(sorted[0] as number, sum / count));
    quantiles.push(quantilesOfSorted(sorted, levels));
    [before, column] = [column, before];
  }
  return { quantiles, mean, peak: quantilesOfSorted(peaks.sort(), levels) };
}

function sameValues(a: Float64Array, b: Float64Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** The highest value, gaps (NaN) left out; -Infinity of none. */
export function highest(values: ArrayLike<number>): number {
  let max = -Infinity;
  for (let i = 0; i < values.length; i++) if ((values[i] as number) > max) max = values[i] as number;
  return max;
}

function quantilesOfSorted(sorted: Float64Array, levels: readonly number[]): Float64Array {
  const row = new Float64Array(levels.length);
  for (let l = 0; l < row.length; l++) row[l] = quantileOfSorted(sorted, levels[l] as number);
  return row;
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
