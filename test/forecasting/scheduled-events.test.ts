import { parseCalendar } from '../../src/forecasting/events/parse-calendar';
import { parseEvents } from '../../src/forecasting/events/parse-events';
import type { ScheduledEvent } from '../../src/forecasting/inputs/known-input';

const range = { fromMs: Date.parse('2026-03-27T00:00:00Z'), toMs: Date.parse('2026-03-31T00:00:00Z'), timeZone: 'Europe/Berlin' };
const shown = (events: readonly ScheduledEvent[]): string[] =>
  events.map(({ name, kind, startAtMs, endAtMs }) => `${name}/${kind} ${new Date(startAtMs).toISOString().slice(5, 16)} ${(endAtMs - startAtMs) / 60_000}`);
const parse = (...events: unknown[]): string[] => shown(parseEvents(JSON.stringify(events), range));

describe('events from JSON', () => {
  it('keep a cron time on the clocks of the zone when summer time begins', () => {
    expect(parse({ name: 'report', kind: 'scheduledJob', cron: '0 6 * * *', durationMinutes: 20 })).toEqual([
      'report/scheduledJob 03-27T05:00 20',
      'report/scheduledJob 03-28T05:00 20',
      'report/scheduledJob 03-29T04:00 20',
      'report/scheduledJob 03-30T04:00 20',
    ]);
    // 02:30 does not exist on the 29th: the job runs when the skipped hour is over, and at 02:30 again the day after.
    expect(parse({ name: 'backup', kind: 'maintenance', cron: '30 2 * * *', durationMinutes: 45 }).slice(2)).toEqual(['backup/maintenance 03-29T01:00 45', 'backup/maintenance 03-30T00:30 45']);
  });

  it('take a zone of their own, times with an offset, local times and days', () => {
    expect(
      parse(
        { name: 'a', kind: 'campaign', start: '2026-03-29T12:00:00+02:00', end: '2026-03-29T14:00:00+02:00' },
        { name: 'b', kind: 'campaign', start: '2026-03-29T12:00', end: '2026-03-29T14:00', timeZone: 'America/New_York' },
        { name: 'c', kind: 'holiday', start: '2026-03-29', end: '2026-03-30' },
      ),
    ).toEqual(['c/holiday 03-28T23:00 1380', 'a/campaign 03-29T10:00 120', 'b/campaign 03-29T16:00 120']);
  });

  it('count where they touch the range, also from before its start', () => {
    const times = { name: 'x', kind: 'campaign' };
    expect(parse({ ...times, start: '2026-03-26T22:00:00Z', end: '2026-03-27T00:00:01Z' }, { ...times, start: '2026-03-31T00:00:00Z', end: '2026-03-31T01:00:00Z' })).toHaveLength(1);
    expect(parse({ name: 'long', kind: 'maintenance', cron: '0 20 26 3 *', durationMinutes: 600 })).toEqual(['long/maintenance 03-26T19:00 600']);
  });

  it.each([
    ['text', '{', 'events: it is no JSON'],
    ['an object', '{}', 'events: expected a list'],
    ['no name', '[{}]', 'events[0].name: expected a name, got nothing'],
    ['a kind that is none', '[{"name":"x","kind":"party"}]', 'events[0].kind: expected maintenance or'],
    ['a pattern that is none', '[{"name":"x","kind":"campaign","cron":"61 * * * *","durationMinutes":1}]', 'events[0].cron: expected a cron pattern'],
    ['no duration', '[{"name":"x","kind":"campaign","cron":"1 * * * *"}]', 'events[0].durationMinutes: expected a positive number'],
    ['a zone that is none', '[{"name":"x","kind":"campaign","timeZone":"Mars"}]', 'events[0].timeZone: expected an IANA time zone'],
    ['a time that is none', '[{"name":"x","kind":"campaign","start":"soon","end":"2026-01-01"}]', 'events[0].start: expected an ISO 8601 time'],
    ['a day that is none', '[{"name":"x","kind":"campaign","start":"2026-02-45","end":"2026-05-01"}]', 'events[0].start: expected an ISO 8601 time'],
    ['an end before the start', '[{"name":"x","kind":"campaign","start":"2026-01-02","end":"2026-01-01"}]', 'events[0].end: expected a time after the start'],
  ])('refuse %s, naming the field', (_name, text, message) => {
    expect(() => parseEvents(text, range)).toThrow(message);
  });

  it('refuse a pattern that starts without end', () => {
    expect(() => parseEvents('[{"name":"x","kind":"campaign","cron":"* * * * * *","durationMinutes":1}]', range)).toThrow('starts more than 10000 times');
  });
});

describe('events from a calendar', () => {
  const calendar = (...events: string[][]): string =>
    ['BEGIN:VCALENDAR', 'VERSION:2.0', ...events.flatMap((lines, i) => ['BEGIN:VEVENT', `UID:${i}`, 'DTSTAMP:20260101T000000Z', ...lines, 'END:VEVENT']), 'END:VCALENDAR'].join('\r\n');

  it('repeat by their rule on their own clocks, without the exceptions', () => {
    const text = calendar(['SUMMARY:Batch', 'CATEGORIES:maintenance', 'DTSTART;TZID=Europe/Berlin:20260325T060000', 'DTEND;TZID=Europe/Berlin:20260325T070000', 'RRULE:FREQ=DAILY', 'EXDATE;TZID=Europe/Berlin:20260328T060000']);
    expect(shown(parseCalendar(text, range))).toEqual(['Batch/maintenance 03-27T05:00 60', 'Batch/maintenance 03-29T04:00 60', 'Batch/maintenance 03-30T04:00 60']);
  });

  it('read whole days and times without a zone on the clocks of the given zone, wherever this runs', () => {
    const text = calendar(['SUMMARY:Sunday', 'DTSTART;VALUE=DATE:20260329', 'DTEND;VALUE=DATE:20260330'], ['SUMMARY;LANGUAGE=en:Lunch', 'DTSTART:20260328T120000', 'DURATION:PT1H'], ['SUMMARY:Utc', 'DTSTART:20260330T100000Z', 'DTEND:20260330T110000Z'], ['SUMMARY:Off', 'STATUS:CANCELLED', 'DTSTART:20260330T100000Z', 'DTEND:20260330T110000Z']);
    expect(shown(parseCalendar(text, range))).toEqual(['Lunch/scheduledJob 03-28T11:00 60', 'Sunday/holiday 03-28T23:00 1380', 'Utc/scheduledJob 03-30T10:00 60']);
  });

  it('refuse what is no calendar', () => {
    expect(() => parseCalendar('hello', range)).toThrow('calendar: expected iCalendar text');
    expect(() => parseCalendar(calendar(), { ...range, timeZone: 'Mars' })).toThrow('timeZone: expected an IANA time zone');
  });
});
