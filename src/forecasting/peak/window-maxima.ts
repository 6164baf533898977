/**
 * The highest value of every window of `width` values: element i is that of `values[i .. i + width)`. One pass with a queue of candidates
 * (Lemire 2006); empty where the values are fewer than one window.
 */
export function windowMaxima(values: Float64Array, width: number): Float64Array {
  const maxima = new Float64Array(Math.max(0, values.length - width + 1));
  const candidates = new Int32Array(values.length);
  let first = 0;
  let end = 0;
  for (let i = 0; i < values.length; i++) {
    while (end > first && (values[candidates[end - 1] as number] as number) <= (values[i] as number)) end--;
    candidates[end++] = i;
    if ((candidates[first] as number) <= i - width) first++;
    if (i >= width - 1) maxima[i - width + 1] = values[candidates[first] as number] as number;
  }
  return maxima;
}
