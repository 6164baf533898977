import { medianLevel } from '../median-level';

/** Stretches rows of quantiles (`[row][level]`, in place) around their median: by `spread` at the outermost levels, half as much at the quartiles. */
export function stretchRows(rows: Float64Array, levels: readonly number[], spread: number): Float64Array {
  if (spread === 1) return rows;
  const width = levels.length;
  const centre = medianLevel(levels);
  const factors = Float64Array.from(levels, (level) => 1 + (spread - 1) * Math.abs(2 * level - 1));
  for (let at = 0; at < rows.length; at += width) {
    const median = rows[at + centre] as number;
    for (let l = 0; l < width; l++) rows[at + l] = median + ((rows[at + l] as number) - median) * (factors[l] as number);
  }
  return rows;
}

/** Replaces a value by the nearest of `seen` (rising): quantised load takes no value between. */
export function snap(value: number, seen: Float64Array): number {
  let low = 0;
  let high = seen.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((seen[middle] as number) <= value) low = middle;
    else high = middle;
  }
  const below = seen[low] as number;
  const above = seen[high] as number;
  return value - below <= above - value ? below : above;
}
