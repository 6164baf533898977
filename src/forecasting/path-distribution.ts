import type { SeriesBounds } from './load-series';
import { quantileOfSorted } from './quantile-of-sorted';
import type { PathSet } from './rules/path-rule';
import { sortNumbers } from './sort-numbers';

/** The distribution that sample paths or a mixture of them stand for. Rows lie in one array: thousands of small arrays cost more than what is in them. */
export interface PathDistribution {
  /** `[step][level]`, of every step that was read. */
  readonly quantiles: Float64Array;
  /** `[step]`, of every step that was read. */
  readonly mean: Float64Array;
  /** `[level]`, of the highest value over all steps; empty where it was not asked for. */
  readonly peak: Float64Array;
}

/** What to read off paths: sorting them at a step is most of what a forecast costs. */
export interface PathReading {
  /** The steps (from 0, rising) whose quantiles and mean are wanted; left out: all. */
  readonly steps?: ArrayLike<number>;
  /** Whether the peak is wanted; left out: yes. */
  readonly peak?: boolean;
}

/** Reads quantiles, mean and peak off paths. Bounds cut every path, so that all three keep them. */
export function distributionOfPaths(paths: PathSet, horizon: number, levels: readonly number[], bounds: SeriesBounds, reading: PathReading = {}): PathDistribution {
  const { count } = paths;
  const { steps = allSteps(horizon), peak: wantsPeak = true } = reading;
  const { lower = -Infinity, upper = Infinity } = bounds;
  const readQuantiles = createQuantileReader(levels, count);
  let column = new Float64Array(count);
  let before = new Float64Array(count).fill(NaN);
  const sorted = new Float64Array(count);
  const peaks = new Float64Array(count).fill(-Infinity);
  const mean = new Float64Array(steps.length);
  const quantiles = new Float64Array(steps.length * levels.length);
  let row = 0;
  for (let h = 0; h < horizon; h++) {
    const isRead = h === steps[row];
    if (!isRead && !wantsPeak) continue;
    paths.column(h, column);
    if (wantsPeak) raise(peaks, column);
    if (!isRead) continue;
    const at = row * levels.length;
    if (sameValues(column, before)) {
      // Levels that stay and idle load give the same column again.
      mean[row] = mean[row - 1] as number;
      quantiles.copyWithin(at, at - levels.length, at);
    } else {
      sorted.set(column);
      cutSorted(sortNumbers(sorted), lower, upper);
      mean[row] = meanOfSorted(sorted);
      readQuantiles(sorted, quantiles, at);
      [before, column] = [column, before];
    }
    row++;
  }
  const peak = new Float64Array(wantsPeak ? levels.length : 0);
  if (wantsPeak) readQuantiles(cutSorted(sortNumbers(peaks), lower, upper), peak, 0);
  return { quantiles, mean, peak };
}

/** The numbers 0..count-1. */
export function allSteps(count: number): Int32Array {
  const steps = new Int32Array(count);
  for (let h = 0; h < count; h++) steps[h] = h;
  return steps;
}

/** Paths that lie `spread` times as far from their median, step by step. */
export function widenPaths(paths: PathSet, spread: number): PathSet {
  if (spread === 1) return paths;
  const sorted = new Float64Array(paths.count);
  return {
    count: paths.count,
    column(h, into) {
      paths.column(h, into);
      for (let s = 0; s < sorted.length; s++) sorted[s] = into[s] as number;
      const median = quantileOfSorted(sortNumbers(sorted), 0.5);
      for (let s = 0; s < sorted.length; s++) into[s] = median + spread * ((into[s] as number) - median);
    },
  };
}

/** At most `most` of the paths, evenly spread over them: quantiles of fewer are rougher, and sooner read. */
export function thinPaths(paths: PathSet, most: number): PathSet {
  if (paths.count <= most) return paths;
  const all = new Float64Array(paths.count);
  const kept = Int32Array.from({ length: most }, (_, s) => Math.floor((s * paths.count) / most));
  return {
    count: most,
    column(h, into) {
      paths.column(h, all);
      for (let s = 0; s < most; s++) into[s] = all[kept[s] as number] as number;
    },
  };
}

function raise(peaks: Float64Array, column: Float64Array): void {
  for (let s = 0; s < peaks.length; s++) if ((column[s] as number) > (peaks[s] as number)) peaks[s] = column[s] as number;
}

function cutSorted(sorted: Float64Array, lower: number, upper: number): Float64Array {
  for (let s = 0; s < sorted.length && (sorted[s] as number) < lower; s++) sorted[s] = lower;
  for (let s = sorted.length - 1; s >= 0 && (sorted[s] as number) > upper; s--) sorted[s] = upper;
  return sorted;
}

/** Rounding must not push the mean of equal values beyond them. */
function meanOfSorted(sorted: Float64Array): number {
  let sum = 0;
  for (let s = 0; s < sorted.length; s++) sum += sorted[s] as number;
  return Math.min(sorted[sorted.length - 1] as number, Math.max(sorted[0] as number, sum / sorted.length));
}

function sameValues(a: Float64Array, b: Float64Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** As `quantileOfSorted`, for many rows of one length: where each level lies is found once. */
function createQuantileReader(levels: readonly number[], count: number): (sorted: Float64Array, into: Float64Array, at: number) => void {
  const positions = Float64Array.from(levels, (level) => level * (count - 1));
  return (sorted, into, at) => {
    for (let l = 0; l < positions.length; l++) {
      const position = positions[l] as number;
      const below = position | 0;
      const low = sorted[below] as number;
      const high = sorted[below + 1 < count ? below + 1 : below] as number;
      into[at + l] = low === high ? low : low + (position - below) * (high - low);
    }
  };
}

/** The highest value, gaps (NaN) left out; -Infinity of none. */
export function highest(values: ArrayLike<number>): number {
  let max = -Infinity;
  for (let i = 0; i < values.length; i++) if ((values[i] as number) > max) max = values[i] as number;
  return max;
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
  const withoutCrossing = (values: Float64Array, width: number) => {
    for (let i = 1; i < values.length; i++) if (i % width > 0) values[i] = Math.max(values[i] as number, values[i - 1] as number);
    return values;
  };
  const peak = mix((part) => part.peak);
  // Rounding may put a quantile a hair below the one before it.
  return { quantiles: withoutCrossing(mix((part) => part.quantiles), peak.length), mean: mix((part) => part.mean), peak: withoutCrossing(peak, peak.length) };
}

/** Mean pinball loss (Koenker and Bassett 1978) of quantiles (`[step][level]`) against what came, over all steps and levels. */
export function pinballLoss(quantiles: Float64Array, levels: readonly number[], truth: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < quantiles.length; i++) {
    const level = levels[i % levels.length] as number;
    const error = (truth[Math.floor(i / levels.length)] as number) - (quantiles[i] as number);
    sum += error >= 0 ? level * error : (level - 1) * error;
  }
  return sum / quantiles.length;
}
