const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** What people ask about: close by in minutes, far away in days. */
const USUAL_LEADS: readonly number[] = [5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 4 * DAY, 7 * DAY, 14 * DAY];

/** Steps (indexes from 0) of a forecast that tell its course in a few lines: the first, the usual lead times that lie on the grid, and the last. */
export function leadSteps(stepMs: number, horizonSteps: number): number[] {
  const usual = USUAL_LEADS.filter((leadMs) => leadMs % stepMs === 0).map((leadMs) => leadMs / stepMs - 1);
  const steps = [0, ...usual.filter((step) => step < horizonSteps), horizonSteps - 1];
  return [...new Set(steps)].sort((a, b) => a - b);
}
