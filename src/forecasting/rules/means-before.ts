/** Mean of the `steps` values before `end`. */
export function meanBefore(values: Float64Array, end: number, steps: number): number {
  if (steps === 1) return values[end - 1] as number;
  let sum = 0;
  for (let i = end - steps; i < end; i++) sum += values[i] as number;
  return sum / steps;
}

/**
 * `meanBefore` of every moment: place i holds the mean of the `steps` values before i, of fewer where the history begins later; place 0 holds 0. Each is
 * summed anew from its own values, in blocks, so that no rounding error travels along the history.
 */
export function meansBefore(values: Float64Array, end: number, steps: number): Float64Array {
  const means = new Float64Array(end + 1);
  let sum = 0;
  for (let i = 1; i < Math.min(steps, end + 1); i++) {
    sum += values[i - 1] as number;
    means[i] = sum / i;
  }
  for (let block = steps; block <= end; block += steps) {
    sum = 0;
    for (let k = block - steps; k < block; k++) sum += values[k] as number;
    means[block] = sum / steps;
    const next = Math.min(block + steps, end + 1);
    for (let i = block + 1; i < next; i++) {
      sum += values[i - 1] as number;
      sum -= values[i - 1 - steps] as number;
      means[i] = sum / steps;
    }
  }
  return means;
}
