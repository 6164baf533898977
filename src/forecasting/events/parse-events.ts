import { EVENT_KINDS, type EventKind, type ScheduledEvent } from '../inputs/known-input';
import { InvalidSeriesError } from '../invalid-series-error';
import { cronWindows, zonedTimeMs, type Window } from './cron-windows';
import { checkTimeZone, type TimeRange } from './time-range';
import { shown } from '../../domain/shown';

const MINUTE_MS = 60_000;

/**
 * Scheduled events from JSON: a list of objects with `name`, `kind` (maintenance, scheduledJob, campaign, holiday), and either `start` and `end` (ISO 8601;
 * without an offset on the clocks of the zone) or `cron` and `durationMinutes`. `timeZone` may be given for each.
 *
 * @returns windows that touch the range, by their start
 * @throws InvalidSeriesError naming the field (`events[2].cron`)
 */
export function parseEvents(text: string, range: TimeRange): ScheduledEvent[] {
  checkTimeZone(range.timeZone, 'timeZone');
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch (error) {
    throw new InvalidSeriesError('events', `it is no JSON: ${(error as Error).message}`);
  }
  if (!Array.isArray(list)) throw new InvalidSeriesError('events', 'expected a list of events');
  return byStart(list.flatMap((item: unknown, i) => parseEvent(item, range, `events[${i}]`)));
}

/** Events in the order of their starts. */
export function byStart(events: readonly ScheduledEvent[]): ScheduledEvent[] {
  return events.toSorted((a, b) => a.startAtMs - b.startAtMs || a.name.localeCompare(b.name));
}

function parseEvent(item: unknown, range: TimeRange, at: string): ScheduledEvent[] {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) throw refusal(at, 'an object', item);
  const { name, kind, timeZone = range.timeZone, ...when } = item as Readonly<Record<string, unknown>>;
  if (typeof name !== 'string' || name === '') throw refusal(`${at}.name`, 'a name', name);
  if (!EVENT_KINDS.includes(kind as EventKind)) throw refusal(`${at}.kind`, EVENT_KINDS.join(' or '), kind);
  checkTimeZone(timeZone, `${at}.timeZone`);
  const local = { ...range, timeZone };
  const windows = when['cron'] === undefined ? [singleWindow(when, timeZone, at)] : repeatedWindows(when, local, at);
  return windows.filter(({ startAtMs, endAtMs }) => startAtMs < range.toMs && endAtMs > range.fromMs).map((window) => ({ name, kind: kind as EventKind, ...window }));
}

function repeatedWindows({ cron, durationMinutes }: Readonly<Record<string, unknown>>, range: TimeRange, at: string): Window[] {
  if (typeof cron !== 'string') throw refusal(`${at}.cron`, 'a cron pattern such as "30 2 * * *"', cron);
  if (typeof durationMinutes !== 'number' || !(durationMinutes > 0) || !Number.isFinite(durationMinutes)) throw refusal(`${at}.durationMinutes`, 'a positive number', durationMinutes);
  return cronWindows({ pattern: cron, durationMs: durationMinutes * MINUTE_MS }, range, `${at}.cron`);
}

function singleWindow({ start, end }: Readonly<Record<string, unknown>>, timeZone: string, at: string): Window {
  const startAtMs = instantOf(start, timeZone, `${at}.start`);
  const endAtMs = instantOf(end, timeZone, `${at}.end`);
  if (endAtMs <= startAtMs) throw refusal(`${at}.end`, 'a time after the start', end);
  return { startAtMs, endAtMs };
}

function instantOf(text: unknown, timeZone: string, field: string): number {
  const [, date = '', time = '00:00', seconds = ':00', offset] = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2})(:\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/.exec(String(text)) ?? [];
  const atMs = offset === undefined ? localInstant(`${date}T${time}${seconds.slice(0, 3)}`, timeZone) : Date.parse(String(text));
  if (!Number.isFinite(atMs)) throw refusal(field, 'an ISO 8601 time such as "2026-11-27T20:00:00+01:00"', text);
  return atMs;
}

function localInstant(local: string, timeZone: string): number {
  return Number.isFinite(Date.parse(`${local}Z`)) ? zonedTimeMs(local, timeZone) : NaN;
}

function refusal(field: string, expected: string, got: unknown): InvalidSeriesError {
  return new InvalidSeriesError(field, `expected ${expected}, got ${shown(got)}`);
}
