import { distinctValues } from '../distinct-values';
import { quantileOfSorted } from '../quantile-of-sorted';
import { highest } from '../path-distribution';
import { sortNumbers } from '../sort-numbers';
import { latestPeak, type PeakHistory } from './peak-history';

/** What is known of a history before its rules are asked, free of units. */
export interface PeakFeatures {
  readonly inputs: Float64Array;
  /** The usual change of the highest value from one horizon to the next, in the load's unit; above 0. */
  readonly scale: number;
}

export const PEAK_FEATURES = 21;
/** So many windows a horizon are looked at. */
const WINDOWS_PER_HORIZON = 12;

/** Null for a load that never changed: its highest value is what it always was. */
export function peakFeatures(history: PeakHistory): PeakFeatures | null {
  const { values, end, dayLength, horizon, maxima, oldest } = history;
  const seen = values.subarray(oldest, end);
  const range = highest(seen) - lowest(seen);
  if (range === 0) return null;
  const latest = latestPeak(history);
  const peaks = recentPeaks(history);
  const changes = peakChanges(history);
  const dayScale = meanChange(values, dayLength, oldest + dayLength, end) + 0.01 * range;
  const scale = changes.length > 0 ? mean(changes) + 0.01 * range : dayScale;
  const sortedPeaks = sortNumbers(peaks.slice());
  const top = sortedPeaks[sortedPeaks.length - 1] as number;
  const median = quantileOfSorted(sortedPeaks, 0.5);
  const day = values.subarray(end - dayLength, end);
  const dayMean = history.dayMeans[end] as number;
  const week = values.subarray(Math.max(oldest, end - 7 * dayLength), end);
  const away = (difference: number) => Math.asinh(difference / scale);
  const ratio = (a: number, b: number) => Math.max(-4, Math.min(4, Math.log((a + 1e-6 * range) / (b + 1e-6 * range)) / 2));
  const inputs = Float64Array.of(
    away(top - latest),
    away(median - latest),
    away(mean(peaks) - latest),
    away(latest - dayMean),
    away(latest - (values[end - 1] as number)),
    away(latest - quantileOfSorted(sortNumbers(day.slice()), 0.95)),
    away(end >= 2 * horizon ? (maxima[end - 2 * horizon] as number) - latest : 0),
    away(quantileOfSorted(sortedPeaks, 0.9) - latest),
    away(quantileOfSorted(sortedPeaks, 0.1) - latest),
    ratio(scale, dayScale),
    ratio(meanChange(values, 1, Math.max(oldest, end - dayLength) + 1, end), dayScale),
    ratio(range, scale),
    ratio(changes.length > 0 ? quantileOfSorted(sortNumbers(changes.slice()), 0.9) : scale, scale),
    ratio(deviation(week), dayScale),
    ratio(Math.abs(top), Math.abs(dayMean)),
    Math.log(Math.max(1, (end - oldest) / dayLength)) / 2,
    distinctValues(week).length / week.length,
    peaks.filter((peak) => peak >= top).length / peaks.length,
    -(peaks.indexOf(top) * stepBetween(horizon)) / (28 * dayLength),
    ratio(top - median, quantileOfSorted(sortedPeaks, 0.75) - median + 0.02 * range),
    shareUnchanged(day),
  );
  return { inputs, scale };
}

function stepBetween(horizon: number): number {
  return Math.max(1, Math.floor(horizon / WINDOWS_PER_HORIZON));
}

/** Maxima of past windows, the latest first. */
function recentPeaks({ maxima, end, horizon, oldest }: PeakHistory): Float64Array {
  const each = stepBetween(horizon);
  const peaks = new Float64Array(Math.floor((end - horizon - oldest) / each) + 1);
  for (let i = 0; i < peaks.length; i++) peaks[i] = maxima[end - horizon - i * each] as number;
  return peaks;
}

/** Distances between the maxima of windows one horizon apart. */
function peakChanges({ maxima, end, horizon, oldest }: PeakHistory): Float64Array {
  const each = stepBetween(horizon);
  const first = Math.max(horizon, oldest);
  const changes = new Float64Array(Math.max(0, Math.floor((end - horizon - first) / each) + 1));
  for (let i = 0; i < changes.length; i++) changes[i] = Math.abs((maxima[end - horizon - i * each] as number) - (maxima[end - 2 * horizon - i * each] as number));
  return changes;
}

function meanChange(values: Float64Array, lag: number, first: number, end: number): number {
  let sum = 0;
  for (let i = first; i < end; i++) sum += Math.abs((values[i] as number) - (values[i - lag] as number));
  return end > first ? sum / (end - first) : 0;
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  return sum / values.length;
}

function deviation(values: Float64Array): number {
  const centre = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += ((values[i] as number) - centre) ** 2;
  return Math.sqrt(sum / values.length);
}

function lowest(values: Float64Array): number {
  let low = Infinity;
  for (let i = 0; i < values.length; i++) low = Math.min(low, values[i] as number);
  return low;
}

function shareUnchanged(values: Float64Array): number {
  let same = 0;
  for (let i = 1; i < values.length; i++) if (values[i] === values[i - 1]) same++;
  return same / values.length;
}
