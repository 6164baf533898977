import { checkValue, type LoadSeries } from './load-series';

/**
 * Series with the values that came after them; what nothing was added to stays the same object.
 *
 * @param more `[series][step]`: values of the steps after each series' last one, null for a gap, empty for nothing new
 * @throws RangeError where the rows are not one for each series, InvalidSeriesError naming a value (`more[2][0]`) that is no number
 */
export function extendSeries(series: readonly LoadSeries[], more: readonly (readonly (number | null)[])[]): LoadSeries[] {
  checkRows(more, series.length);
  return series.map((one, i) => {
    const added = more[i] ?? [];
    return added.length === 0 ? one : { ...one, values: [...one.values, ...added] };
  });
}

/** @throws RangeError where the rows are not one for each of `count` series, InvalidSeriesError naming a value that is no number */
export function checkRows(more: unknown, count: number): void {
  if (!Array.isArray(more) || more.length !== count) {
    throw new RangeError(`more: expected ${count} rows, one for each fitted series, got ${Array.isArray(more) ? more.length : String(more)}`);
  }
  more.forEach((row: unknown, i) => {
    if (!Array.isArray(row)) throw new RangeError(`more[${i}]: expected a list of numbers, got ${String(row)}`);
    row.forEach((value, k) => checkValue(value, `more[${i}][${k}]`));
  });
}
