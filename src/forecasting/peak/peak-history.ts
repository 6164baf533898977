import { meansBefore } from '../rules/means-before';
import { windowMaxima } from './window-maxima';

const LONGEST_DAYS = 28;

/** What the rules for the highest value read: `values[0..end)` and the maxima of all windows of one horizon in it. */
export interface PeakHistory {
  readonly values: Float64Array;
  readonly end: number;
  /** Steps of one day. */
  readonly dayLength: number;
  /** Steps of the horizon whose highest value is asked for. */
  readonly horizon: number;
  /** Element i is the highest of `values[i .. i + horizon)`; windows that reach beyond `end` are not looked at. */
  readonly maxima: Float64Array;
  /** Element i is the mean of the day before step i, of what there is of it where the history begins later. */
  readonly dayMeans: Float64Array;
  /** The oldest step looked at. */
  readonly oldest: number;
}

/** @param values the whole history, at least one horizon long */
export function peakHistory(values: Float64Array, dayLength: number, horizon: number): PeakHistory {
  const end = values.length;
  return { values, end, dayLength, horizon, maxima: windowMaxima(values, horizon), dayMeans: meansBefore(values, end, dayLength), oldest: oldestOf(end, dayLength) };
}

/** The same history as it stood at `end`. */
export function historyUntil(history: PeakHistory, end: number): PeakHistory {
  return { ...history, end, oldest: oldestOf(end, history.dayLength) };
}

function oldestOf(end: number, dayLength: number): number {
  return Math.max(0, end - LONGEST_DAYS * dayLength);
}

/** The highest value of the last whole horizon. */
export function latestPeak({ maxima, end, horizon }: PeakHistory): number {
  return maxima[end - horizon] as number;
}
