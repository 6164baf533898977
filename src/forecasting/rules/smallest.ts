/** The `rank`-th smallest value, counted from 1 (Hoare's selection, 1961): in linear time, where sorting all would cost several times as much. */
export function smallest(values: Float64Array, rank: number): number {
  const a = values.slice();
  const k = rank - 1;
  let low = 0;
  let high = a.length - 1;
  while (low < high) {
    const pivot = a[(low + high) >> 1] as number;
    let i = low;
    let j = high;
    while (i <= j) {
      while ((a[i] as number) < pivot) i++;
      while ((a[j] as number) > pivot) j--;
      if (i <= j) {
        const value = a[i] as number;
        a[i++] = a[j] as number;
        a[j--] = value;
      }
    }
    if (k <= j) high = j;
    else if (k >= i) low = i;
    else break;
  }
  return a[k] as number;
}
