/** The part of a history that a rule may read: `values[0..end)`. What lies beyond `end` is the future, also where the array holds it. */
export interface RuleContext {
  readonly values: Float64Array;
  readonly end: number;
  /** Steps of one day, whole. */
  readonly dayLength: number;
}

/**
 * A forecast as sample paths: each is one way in which the `horizon` steps after `end` may go, all equally likely. Paths, not quantiles, because
 * the distribution of the highest value over the horizon follows from paths only. Null where the history is too short for the rule.
 */
export interface PathRule {
  readonly name: string;
  paths(context: RuleContext, horizon: number): Float64Array[] | null;
}

/** At most this many paths a rule: enough for the 0.95 quantile, little enough to sort at every step. */
export const MAX_PATHS = 120;
/** Fewer paths than this are no distribution. */
export const MIN_PATHS = 8;

/** Up to `count` origins spread evenly over `first..last`, the latest included. */
export function spreadOrigins(first: number, last: number, count: number): number[] {
  const available = last - first + 1;
  if (available <= 0) return [];
  const taken = Math.min(count, available);
  return Array.from({ length: taken }, (_, i) => last - Math.floor((i * available) / taken));
}

/** Null for too few paths. */
export function enoughPaths(paths: Float64Array[]): Float64Array[] | null {
  return paths.length >= MIN_PATHS ? paths : null;
}
