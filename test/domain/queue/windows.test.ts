import { resolveWindows } from '../../../src/domain/queue/windows';

const at = (text: string): number => Date.parse(text);
const shown = (windows: Parameters<typeof resolveWindows>[0], from: string, until: string): string[] =>
  resolveWindows(windows, at(from), at(until)).map(({ fromMs, untilMs }) => `${new Date(fromMs).toISOString().slice(0, 16)}/${new Date(untilMs).toISOString().slice(0, 16)}`);
const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];

describe('windows as intervals', () => {
  it('are wall-clock times of their zone, on their days', () => {
    const window = { timeZone: 'Europe/Berlin', weekdays: [2, 4], from: '22:00', to: '23:30' };
    expect(shown([window], '2026-01-19T00:00Z', '2026-01-26T00:00Z')).toEqual(['2026-01-20T21:00/2026-01-20T22:30', '2026-01-22T21:00/2026-01-22T22:30']);
  });

  it('may pass midnight, also from the day before the range', () => {
    const window = { timeZone: 'UTC', weekdays: [5], from: '22:00', to: '04:00' };
    expect(shown([window], '2026-01-24T01:00Z', '2026-01-25T00:00Z')).toEqual(['2026-01-23T22:00/2026-01-24T04:00']);
  });

  it('last a whole day where they end when they begin, and join where they touch', () => {
    const window = { timeZone: 'Asia/Kolkata', weekdays: [6, 7], from: '00:00', to: '00:00' };
    expect(shown([window], '2026-01-23T00:00Z', '2026-01-27T00:00Z')).toEqual(['2026-01-23T18:30/2026-01-25T18:30']);
  });

  it('shrink and grow with the clocks: 23 and 25 hours, and a skipped time is the moment of the skip', () => {
    const day = { timeZone: 'America/New_York', weekdays: EVERY_DAY, from: '12:00', to: '12:00' };
    const hours = (from: string, until: string): number[] => resolveWindows([{ ...day, weekdays: [6] }], at(from), at(until)).map(({ fromMs, untilMs }) => (untilMs - fromMs) / 3_600_000);
    expect(hours('2026-03-07T18:00Z', '2026-03-07T19:00Z')).toEqual([23]);
    expect(hours('2026-10-31T18:00Z', '2026-10-31T19:00Z')).toEqual([25]);
    const night = { timeZone: 'America/New_York', weekdays: [7], from: '02:30', to: '04:00' };
    expect(shown([night], '2026-03-08T00:00Z', '2026-03-09T00:00Z')).toEqual(['2026-03-08T07:00/2026-03-08T08:00']);
    // 01:30 comes twice: the window begins with the first.
    expect(shown([{ ...night, from: '01:30', to: '03:00' }], '2026-11-01T00:00Z', '2026-11-02T00:00Z')).toEqual(['2026-11-01T05:30/2026-11-01T08:00']);
    // Both ends are skipped: there is no such time on that day.
    expect(shown([{ ...night, from: '02:00', to: '03:00' }], '2026-03-08T00:00Z', '2026-03-09T00:00Z')).toEqual([]);
  });

  it('know zones with odd offsets, and refuse one that is none', () => {
    const window = { timeZone: 'Australia/Lord_Howe', weekdays: [7], from: '01:45', to: '02:15' };
    // Half an hour is put back at 02:00: the times from 01:30 to 02:00 come twice.
    expect(shown([window], '2026-04-04T00:00Z', '2026-04-05T00:00Z')).toEqual(['2026-04-04T14:45/2026-04-04T15:45']);
    expect(() => resolveWindows([{ ...window, timeZone: 'Mars/Base' }], 0, 1)).toThrow(RangeError);
  });
});
