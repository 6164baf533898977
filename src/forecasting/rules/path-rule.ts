/** The part of a history that a rule may read: `values[0..end)`. What lies beyond `end` is the future, also where the array holds it. */
export interface RuleContext {
  readonly values: Float64Array;
  readonly end: number;
  /** Steps of one day, whole. */
  readonly dayLength: number;
}

/** Sample paths, asked step by step: nothing is laid out in memory that is not looked at. */
export interface PathSet {
  readonly count: number;
  /** Writes where each path stands `h` steps after the first step that is forecast into `into[0..count)`. */
  column(h: number, into: Float64Array): void;
}

/**
 * A forecast as sample paths: each is one way in which the `horizon` steps after `end` may go, all equally likely. Paths, not quantiles, because
 * the distribution of the highest value over the horizon follows from paths only. Null where the history is too short for the rule.
 */
export interface PathRule {
  readonly name: string;
  paths(context: RuleContext, horizon: number): PathSet | null;
}

/** A rule that any history will do for. */
export interface SurePathRule extends PathRule {
  paths(context: RuleContext, horizon: number): PathSet;
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
  // A plain loop: every rule asks, and `Array.from` takes several times as long.
  const origins = new Array<number>(taken);
  for (let i = 0; i < taken; i++) origins[i] = last - Math.floor((i * available) / taken);
  return origins;
}

/** Null for too few paths. */
export function enoughPaths(paths: PathSet): PathSet | null {
  return paths.count >= MIN_PATHS ? paths : null;
}

/** Paths that are already laid out, `[path][step]`. */
export function pathsOf(rows: readonly Float64Array[]): PathSet {
  return {
    count: rows.length,
    column(h, into) {
      for (let s = 0; s < rows.length; s++) into[s] = (rows[s] as Float64Array)[h] as number;
    },
  };
}
