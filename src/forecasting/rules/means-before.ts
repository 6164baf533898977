/** Mean of the `steps` values before `end`. */
export function meanBefore(values: Float64Array, end: number, steps: number): number {
  if (steps === 1) return values[end - 1] as number;
  let sum = 0;
  for (let i = end - steps; i < end; i++) sum += values[i] as number;
  return sum / steps;
}
