/** How far values may lie beyond one another, relative to their size, by rounding alone. */
const ROUNDING_RATIO = 1e-3;
const LEAST_SPREAD = 1e-9;

/** What one feature of a stream has shown so far. */
export interface RangeNovelty {
  /** How far a value lies outside everything seen before, in 0..1 (0: inside; 0.5: beyond by the width of the whole range); then learns it. */
  observe(value: number): number;
}

/**
 * A value outside of the range learned so far is new, and the further out the newer. Nothing is new before `warmUp` values. The range is learned from the
 * past alone, in constant memory.
 *
 * Source of the idea: the "spatial anomaly" of Numenta's NAB detectors (Ahmad et al. 2017), without their knowledge of the file's range.
 */
export function createRangeNovelty(warmUp: number): RangeNovelty {
  let least = Infinity;
  let most = -Infinity;
  let seen = 0;
  return {
    observe(value) {
      const beyond = seen < warmUp ? 0 : Math.max(value - most, least - value, 0);
      const spread = most - least + ROUNDING_RATIO * Math.max(Math.abs(most), Math.abs(least)) + LEAST_SPREAD;
      least = Math.min(least, value);
      most = Math.max(most, value);
      seen += 1;
      return beyond > 0 ? beyond / (beyond + spread) : 0;
    },
  };
}
