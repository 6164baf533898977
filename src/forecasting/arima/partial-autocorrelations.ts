/**
 * Coefficients of the autoregression with the given partial autocorrelations, by the Durbin-Levinson recursion. It is stationary exactly where all of
 * them are within (-1, 1), which lets an optimiser move freely (Monahan 1984).
 *
 * @returns coefficients, the one for the latest value first
 */
export function coefficientsOf(partial: ArrayLike<number>): Float64Array {
  let coefficients = new Float64Array(0);
  for (let k = 0; k < partial.length; k++) {
    const last = partial[k] as number;
    const next = new Float64Array(k + 1);
    for (let j = 0; j < k; j++) next[j] = (coefficients[j] as number) - last * (coefficients[k - 1 - j] as number);
    next[k] = last;
    coefficients = next;
  }
  return coefficients;
}

/** The inverse of `coefficientsOf`; null where the coefficients are those of no stationary process. */
export function partialOf(coefficients: ArrayLike<number>): Float64Array | null {
  let current = Float64Array.from(coefficients);
  const partial = new Float64Array(current.length);
  for (let k = current.length - 1; k >= 0; k--) {
    const last = current[k] as number;
    if (!(Math.abs(last) < 1)) return null;
    partial[k] = last;
    const shrink = 1 - last * last;
    current = Float64Array.from({ length: k }, (_, j) => ((current[j] as number) + last * (current[k - 1 - j] as number)) / shrink);
  }
  return partial;
}
