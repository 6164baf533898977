import type { Interval } from './interval';
import type { WeeklyWindow } from './queue-policy';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/**
 * The windows as intervals that overlap `fromMs`..`untilMs`, sorted and merged. A window begins when the wall clock first
 * shows `from` and ends when it next first shows `to`; a time that the clocks skip in spring counts as the moment of the skip, and
 * one that they show twice in autumn as the first of both.
 *
 * The answer depends on the time-zone data of the process: a workflow must take it from an activity.
 *
 * @throws RangeError for a time zone that is none
 */
export function resolveWindows(windows: readonly WeeklyWindow[], fromMs: number, untilMs: number): Interval[] {
  const intervals = windows.flatMap((window) => occurrences(window, fromMs, untilMs)).toSorted((a, b) => a.fromMs - b.fromMs);
  const merged: Interval[] = [];
  for (const interval of intervals) {
    const last = merged.at(-1);
    if (last !== undefined && interval.fromMs <= last.untilMs) merged[merged.length - 1] = { ...last, untilMs: Math.max(last.untilMs, interval.untilMs) };
    else merged.push(interval);
  }
  return merged;
}

function occurrences({ timeZone, weekdays, from, to }: WeeklyWindow, fromMs: number, untilMs: number): Interval[] {
  const wallOf = wallClock(timeZone);
  const beginsAfter = minutesOf(from);
  const endsAfter = minutesOf(to) > beginsAfter ? minutesOf(to) : minutesOf(to) + 1440;
  const found: Interval[] = [];
  // Dates as midnights of a clock without zone; one that began the day before may reach into the range.
  for (let date = startOfDay(wallOf(fromMs)) - DAY_MS; date <= startOfDay(wallOf(untilMs)); date += DAY_MS) {
    if (!weekdays.includes(weekdayOf(date))) continue;
    const interval = { fromMs: instantOf(date + beginsAfter * MINUTE_MS, wallOf), untilMs: instantOf(date + endsAfter * MINUTE_MS, wallOf) };
    if (interval.untilMs > fromMs && interval.fromMs < untilMs && interval.untilMs > interval.fromMs) found.push(interval);
  }
  return found;
}

/** The first instant at which the wall clock shows the time, or passes it where it is skipped. */
function instantOf(wallMs: number, wallOf: (ms: number) => number): number {
  const before = wallOf(wallMs - DAY_MS) - (wallMs - DAY_MS);
  const after = wallOf(wallMs + DAY_MS) - (wallMs + DAY_MS);
  const shows = [wallMs - before, wallMs - after].filter((ms) => wallOf(ms) === wallMs);
  if (shows.length > 0) return Math.min(...shows);
  let low = wallMs - DAY_MS - before;
  let high = wallMs + DAY_MS - after;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (wallOf(middle) >= wallMs) high = middle;
    else low = middle;
  }
  return high;
}

/** What a zone's wall clock shows at an instant, as ms of a clock without zone. */
function wallClock(timeZone: string): (ms: number) => number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, calendar: 'gregory', numberingSystem: 'latn', hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' });
  return (ms) => {
    const parts = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second) + (((ms % 1000) + 1000) % 1000);
  };
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

function startOfDay(ms: number): number {
  return Math.floor(ms / DAY_MS) * DAY_MS;
}

/** 1 is Monday; 1970 began on a Thursday. */
function weekdayOf(dateMs: number): number {
  return ((Math.floor(dateMs / DAY_MS) + 3) % 7) + 1;
}
