/** Rows before anything can be new. */
const WARM_UP_ROWS = 200;
/** With so many rows a new record tells half of what it tells after a long life: among few values, records are common. */
const HALF_KNOWN_ROWS = 5_000;
/** The size of the values, which tells what is rounding, is forgotten over so many rows. */
const SIZE_ROWS = 10_000;
/** How far a feature may lie beyond its range, relative to the size of the values, and be next to nothing. */
const ROUNDING_RATIO = 1e-3;

/** What one feature of a stream has shown so far. */
export interface RangeNovelty {
  /**
   * How far a feature lies outside everything that it has shown before, in 0..1 (0: inside; towards 0.5: beyond by the width of the whole range); then learns it.
   * `size` is how large the stream's values are now, in their unit, which is the feature's unit too.
   */
  observe(feature: number, size: number): number;
}

/**
 * A feature outside of the range learned so far is new: the newer, the further out and the longer the range has held. The range is learned from the past alone,
 * in constant memory, and shrinks over `fadeRows` rows towards its middle, so that an outlier is not the measure of all that follows (Infinity: never).
 *
 * Source of the idea: the "spatial anomaly" of Numenta's NAB detectors (Ahmad et al. 2017), without their knowledge of the file's range; that the n-th value is
 * a record by mere chance at a rate of 1/n is Rényi's (1962).
 */
export function createRangeNovelty(fadeRows: number): RangeNovelty {
  let least = Infinity;
  let most = -Infinity;
  let largestSize = 0;
  let seen = 0;
  return {
    observe(feature, size) {
      largestSize = Math.max(Math.abs(size), largestSize * (1 - 1 / SIZE_ROWS));
      const beyond = seen < WARM_UP_ROWS ? 0 : Math.max(feature - most, least - feature, 0);
      const known = seen / (seen + HALF_KNOWN_ROWS);
      const novelty = beyond > 0 ? (known * beyond) / (beyond + (most - least) + ROUNDING_RATIO * largestSize) : 0;
      const fade = seen === 0 ? 0 : (most - least) / fadeRows / 2;
      least = Math.min(least + fade, feature);
      most = Math.max(most - fade, feature);
      seen += 1;
      return novelty;
    },
  };
}
