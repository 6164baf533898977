/** Logarithm of as good as nothing. JSON, in which the judge's memory goes through the history, has no infinity. */
export const NO_EVIDENCE = -1e9;

/**
 * Evidence that may have begun to count at any look: a mixture over starting points, so that hours of good behaviour do
 * not hide what begins now. Adding `weight` at each look and multiplying by the look's evidence keeps its expectation, where
 * the hypothesis is true, at or under the sum of the weights; that it ever reaches 1/alpha then has probability at most
 * alpha times that sum (Ville 1939; Shin, Ramdas, Rinaldo 2022, "E-detectors"). All in logarithms.
 */
export function accumulate(logBefore: number, weight: number, logOfLook: number): number {
  return logSum(logBefore, Math.log(weight)) + logOfLook;
}

/** Logarithm of the sum of two numbers of which the logarithms are given; -Infinity stands for 0. */
export function logSum(a: number, b: number): number {
  const high = Math.max(a, b);
  return high === -Infinity ? -Infinity : high + Math.log(Math.exp(a - high) + Math.exp(b - high));
}
