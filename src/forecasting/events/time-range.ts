import { shown } from '../../domain/shown';
import { InvalidSeriesError } from '../invalid-series-error';

/** The time for which events are wanted, and the zone in which clocks and calendar days without one of their own are read. */
export interface TimeRange {
  readonly fromMs: number;
  /** Exclusive. */
  readonly toMs: number;
  /** IANA name, such as "Europe/Berlin". */
  readonly timeZone: string;
}

/** More windows than this of one event are a wrong pattern: every four minutes for a month. */
export const MOST_WINDOWS = 10_000;

/** @throws InvalidSeriesError where the zone is none */
export function checkTimeZone(timeZone: unknown, field: string): asserts timeZone is string {
  try {
    if (typeof timeZone !== 'string') throw new RangeError('no text');
    new Intl.DateTimeFormat('en', { timeZone });
  } catch {
    throw new InvalidSeriesError(field, `expected an IANA time zone such as "Europe/Berlin", got ${shown(timeZone)}`);
  }
}
