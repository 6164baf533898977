import { quantileOfSorted } from '../quantile-of-sorted';
import { ALARM_SCORE } from './anomaly-detector';

export interface AnomalyEvent {
  /** Rows from `start` up to, not including, `end`. */
  readonly start: number;
  readonly end: number;
  /** The score of the alarm that opened it, 0..1. */
  readonly score: number;
}

export interface EventRule {
  readonly alarmScore: number;
  /** What was usual is read from this many rows before the alarm. */
  readonly usualRows: number;
  /** After so many rows the unusual is the new usual, and no event any more. */
  readonly longestRows: number;
}

/** Three days and one day of 5-minute data. */
const DEFAULT_RULE: EventRule = { alarmScore: ALARM_SCORE, usualRows: 864, longestRows: 288 };

/**
 * The events behind scores: each starts at an alarm and lasts while the values stay outside of the range that was usual before it (the middle 98 %), at most
 * `longestRows`. An alarm within an event belongs to it. `values` and `scores` are of one length; null is a gap, which ends nothing.
 */
export function findAnomalyEvents(values: readonly (number | null)[], scores: ArrayLike<number>, rule: EventRule = DEFAULT_RULE): AnomalyEvent[] {
  const events: AnomalyEvent[] = [];
  let start = 0;
  while (start < values.length) {
    const score = scores[start] as number;
    if (score < rule.alarmScore) {
      start += 1;
      continue;
    }
    const end = endOfEvent(values, start, rule);
    events.push({ start, end, score });
    start = end;
  }
  return events;
}

function endOfEvent(values: readonly (number | null)[], start: number, { usualRows, longestRows }: EventRule): number {
  const before = values.slice(Math.max(0, start - usualRows), start).filter((value) => value !== null);
  const usual = Float64Array.from(before).sort();
  const low = quantileOfSorted(usual, 0.01);
  const high = quantileOfSorted(usual, 0.99);
  const last = Math.min(values.length, start + longestRows);
  let end = start + 1;
  while (end < last && isOutside(values[end] ?? null, low, high)) end += 1;
  return end;
}

function isOutside(value: number | null, low: number, high: number): boolean {
  return value === null || value < low || value > high;
}
