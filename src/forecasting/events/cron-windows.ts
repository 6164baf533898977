import { Cron } from 'croner';
import { InvalidSeriesError } from '../invalid-series-error';
import { MOST_WINDOWS, type TimeRange } from './time-range';

/** When something starts by a cron pattern, and how long it takes. */
export interface CronSchedule {
  readonly pattern: string;
  readonly durationMs: number;
}

export interface Window {
  readonly startAtMs: number;
  readonly endAtMs: number;
}

/**
 * The windows of a schedule that touch a range. Patterns are read on the clocks of the range's zone: a job at 02:30 keeps that time over the change to summer
 * time, and a time that the change skips counts as the time after it.
 *
 * @throws InvalidSeriesError for a pattern that is none, or one with more than 10,000 windows
 */
export function cronWindows({ pattern, durationMs }: CronSchedule, { fromMs, toMs, timeZone }: TimeRange, field: string): Window[] {
  let cron: Cron;
  try {
    cron = new Cron(pattern, { timezone: timeZone, paused: true });
  } catch (error) {
    throw new InvalidSeriesError(field, `expected a cron pattern such as "30 2 * * *", got "${pattern}" (${(error as Error).message})`);
  }
  const windows: Window[] = [];
  // A window that began before the range may still be open; nextRun is strictly later than its argument.
  let next = cron.nextRun(new Date(fromMs - durationMs));
  while (next !== null && next.getTime() < toMs) {
    windows.push({ startAtMs: next.getTime(), endAtMs: next.getTime() + durationMs });
    if (windows.length > MOST_WINDOWS) throw new InvalidSeriesError(field, `"${pattern}" starts more than ${MOST_WINDOWS} times in the range`);
    next = cron.nextRun(next);
  }
  return windows;
}

/** The instant at which clocks of a zone show a date and time (`2026-03-29T00:00:00`). */
export function zonedTimeMs(local: string, timeZone: string): number {
  return new Cron(local, { timezone: timeZone, paused: true }).nextRun(new Date(0))?.getTime() ?? Date.parse(`${local}Z`);
}
