import { medianLevel } from '../median-level';
import { quantileOfSorted } from '../quantile-of-sorted';

/** What children's own forecasts of their highest values say beyond their paths, gathered for one sum. `[level]` each. */
export interface PeakPremium {
  /** Sum of the children's peaks less those of their paths. */
  readonly beyond: Float64Array;
  /** Sum of the distances of the paths' peaks from their medians. */
  readonly spread: Float64Array;
}

export function noPremium(levels: readonly number[]): PeakPremium {
  return { beyond: new Float64Array(levels.length), spread: new Float64Array(levels.length) };
}

/** Adds a child: the quantiles of its paths' peaks and of its own forecast of the peak, and its weight in the sum. */
export function addPremium({ beyond, spread }: PeakPremium, ofPaths: readonly number[], own: readonly number[], weight: number, levels: readonly number[]): void {
  const median = ofPaths[medianLevel(levels)] as number;
  for (let l = 0; l < levels.length; l++) {
    beyond[l] = (beyond[l] as number) + weight * ((own[l] as number) - (ofPaths[l] as number));
    spread[l] = (spread[l] as number) + weight * Math.abs((ofPaths[l] as number) - median);
  }
}

/**
 * The peak of a sum: that of its paths, and of what the children's peaks lie beyond their own paths the share in which the paths' spreads add up. Children that move together
 * keep all of it, a single child has exactly its own peak.
 */
export function peakWithPremium(ofPaths: readonly number[], { beyond, spread }: PeakPremium, levels: readonly number[]): number[] {
  const median = ofPaths[medianLevel(levels)] as number;
  const total = spread.reduce((sum, value) => sum + value, 0);
  const kept = total > 0 ? Math.min(1, ofPaths.reduce((sum, value) => sum + Math.abs(value - median), 0) / total) : 1;
  return ofPaths.map((value, l) => value + kept * (beyond[l] as number)).toSorted((a, b) => a - b);
}

export function quantilesOf(values: Float64Array, levels: readonly number[]): number[] {
  values.sort();
  return levels.map((level) => quantileOfSorted(values, level));
}
