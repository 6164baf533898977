/** Running mean and sum of squares of the standardized difference of both sides, interval by interval (Welford 1962). */
export interface Dispersion {
  readonly intervals: number;
  readonly mean: number;
  readonly squares: number;
}

export const NO_DISPERSION: Dispersion = { intervals: 0, mean: 0, squares: 0 };

/** So many intervals of independent requests are believed in beforehand: the first few say little about their own spread. */
const BELIEVED_INTERVALS = 10;

/** Takes the difference in an interval into account, in standard errors of independent requests; null where there is none. */
export function observeDifference(state: Dispersion, difference: number | null): Dispersion {
  if (difference === null) return state;
  const intervals = state.intervals + 1;
  const mean = state.mean + (difference - state.mean) / intervals;
  return { intervals, mean, squares: state.squares + (difference - state.mean) * (difference - mean) };
}

/**
 * How many times as much the difference varies as that of independent requests would (the variance inflation of
 * quasi-likelihood; Wedderburn 1974), at least 1. What slows a second down slows all of its requests down: they are one
 * observation rather than hundreds. A lasting difference is not counted as variation, only how it changes. Evidence is
 * divided by it: where requests are independent that only makes the judge slower.
 */
export function inflationOf({ intervals, squares }: Dispersion): number {
  return Math.max(1, (BELIEVED_INTERVALS + squares) / (BELIEVED_INTERVALS + Math.max(0, intervals - 1)));
}
