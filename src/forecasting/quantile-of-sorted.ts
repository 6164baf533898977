/** The quantile of values in rising order, interpolated linearly between order statistics (Hyndman and Fan 1996, definition 7). */
export function quantileOfSorted(sorted: ArrayLike<number>, level: number): number {
  const position = level * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below] as number;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  // Equal neighbours give exactly their value: idle load must not gain rounding noise.
  return low === high ? low : low + (position - below) * (high - low);
}

/** The median of values in any order; 0 of none. */
export function medianOf(values: ArrayLike<number>): number {
  if (values.length === 0) return 0;
  return quantileOfSorted(Float64Array.from(values).sort(), 0.5);
}
