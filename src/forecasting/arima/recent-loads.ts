/** Two days of five minutes: longer histories cost more and describe another state of the machine. */
export const WINDOW = 576;
/** Fewer values than this bear no choice of an order. */
const FEWEST = 24;

/**
 * The recent loads that an ARIMA process is fitted to, gaps as NaN. Begins with two values in a row, which differencing needs.
 *
 * @returns null where there are too few values or all are equal
 */
export function recentLoads(values: readonly (number | null)[]): Float64Array | null {
  const loads = Float64Array.from(values.slice(-WINDOW), (value) => value ?? NaN);
  const start = loads.findIndex((value, i) => !Number.isNaN(value) && !Number.isNaN(loads[i + 1] ?? NaN));
  if (start < 0) return null;
  const recent = loads.subarray(start);
  const seen = recent.filter((value) => !Number.isNaN(value));
  return seen.length < FEWEST || seen.every((value) => value === seen[0]) ? null : recent;
}
