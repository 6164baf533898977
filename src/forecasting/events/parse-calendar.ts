import ical, { type EventInstance, type ParameterValue, type VEvent } from 'node-ical';
import { EVENT_KINDS, type EventKind, type ScheduledEvent } from '../inputs/known-input';
import { InvalidSeriesError } from '../invalid-series-error';
import { zonedTimeMs } from './cron-windows';
import { byStart } from './parse-events';
import { checkTimeZone, MOST_WINDOWS, type TimeRange } from './time-range';

/**
 * Scheduled events from a calendar (iCalendar, RFC 5545), recurrences, exceptions and moved instances included. An event's name is its summary; its kind is the
 * first category that names one, otherwise `holiday` for whole days and `scheduledJob` for the rest. Whole days and times without a zone are read on the
 * clocks of the range's zone. One limit of the library: a recurring time that the change to summer time skips stays an hour late from then on.
 *
 * @returns windows that touch the range, by their start
 * @throws InvalidSeriesError where the text is no calendar
 */
export function parseCalendar(text: string, range: TimeRange): ScheduledEvent[] {
  checkTimeZone(range.timeZone, 'timeZone');
  if (!/^\s*BEGIN:VCALENDAR/i.test(text)) throw new InvalidSeriesError('calendar', 'expected iCalendar text, which begins with BEGIN:VCALENDAR');
  // A day more on both sides: whole days are moved into the zone afterwards.
  const [from, to] = [new Date(range.fromMs - 86_400_000), new Date(range.toMs + 86_400_000)];
  const components = Object.values(ical.sync.parseICS(text));
  const instances = components
    .filter((component): component is VEvent => component?.type === 'VEVENT' && component.status !== 'CANCELLED')
    .flatMap((event) => ical.expandRecurringEvent(event, { from, to, expandOngoing: true }));
  if (instances.length > MOST_WINDOWS) throw new InvalidSeriesError('calendar', `it has more than ${MOST_WINDOWS} events in the range`);
  return byStart(instances.map((instance) => toEvent(instance, range.timeZone)).filter(({ startAtMs, endAtMs }) => endAtMs > startAtMs && startAtMs < range.toMs && endAtMs > range.fromMs));
}

function toEvent({ start, end, summary, isFullDay, event }: EventInstance, timeZone: string): ScheduledEvent {
  const kind = (event.categories ?? []).map(kindOf).find((found) => found !== undefined) ?? (isFullDay ? 'holiday' : 'scheduledJob');
  const floating = isFullDay || event.start.tz === undefined;
  const instant = (date: Date) => (floating ? zonedTimeMs(localText(date), timeZone) : date.getTime());
  return { name: textOf(summary) || 'unnamed', kind, startAtMs: instant(start), endAtMs: instant(end) };
}

function kindOf(category: string): EventKind | undefined {
  const plain = category.toLowerCase().replace(/[^a-z]/g, '');
  return EVENT_KINDS.find((kind) => kind.toLowerCase() === plain);
}

function textOf(value: ParameterValue): string {
  return typeof value === 'string' ? value : String(value.val);
}

/** What clocks of this process show, which is how the parser keeps times without a zone. */
function localText(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
