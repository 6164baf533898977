import { clockOf, dayOf, type TimeZone } from '../single/time-zone';

export interface TimeTick {
  readonly atMs: number;
  /** The clock, or the day alone where ticks are days apart. */
  readonly label: string;
  /** The day, at the first tick of each day; null at the others. */
  readonly day: string | null;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS: readonly number[] = [MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY];

/** Ticks at round times of a zone, at most `most` of them. */
export function timeTicks(fromMs: number, toMs: number, most: number, zone: TimeZone): TimeTick[] {
  const stepMs = STEPS.find((step) => (toMs - fromMs) / step <= most) ?? Math.ceil((toMs - fromMs) / most / DAY) * DAY;
  const shiftMs = zone.offsetMinutes(fromMs) * MINUTE;
  const ticks: TimeTick[] = [];
  for (let at = Math.ceil((fromMs + shiftMs) / stepMs) * stepMs - shiftMs; at <= toMs; at += stepMs) {
    // The clocks may have changed since the first tick.
    const atMs = at + shiftMs - zone.offsetMinutes(at) * MINUTE;
    const day = dayOf(atMs, zone);
    const newDay = ticks.length === 0 || day !== dayOf((ticks.at(-1) as TimeTick).atMs, zone);
    ticks.push(stepMs < DAY ? { atMs, label: clockOf(atMs, zone), day: newDay ? day : null } : { atMs, label: day, day: null });
  }
  return ticks;
}
