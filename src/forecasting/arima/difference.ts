/** The series of changes, taken `times` times; one value shorter each time. Changes from or to a gap (NaN) are gaps. */
export function difference(values: Float64Array, times: number): Float64Array {
  if (times === 0) return values;
  const changes = Float64Array.from({ length: Math.max(0, values.length - 1) }, (_, t) => (values[t + 1] as number) - (values[t] as number));
  return difference(changes, times - 1);
}
