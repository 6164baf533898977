import type { LoadSeries } from './load-series';

const DAY_MS = 86_400_000;

/** Steps of one day, whole and at least one. */
export function dayLengthOf({ stepMs }: Pick<LoadSeries, 'stepMs'>): number {
  return Math.max(1, Math.round(DAY_MS / stepMs));
}
