import { placeOfDay, type KinSeries } from './kin-series';

/** What the latest own points say, on the profile's scale and less the usual course of the day: how far the load is from kin's. */
export interface OwnWindow {
  readonly last: number;
  /** Mean of the latest six points. */
  readonly recent: number;
  /** Mean of all points of the window. */
  readonly level: number;
  /** Mean change from point to point. */
  readonly change: number;
}

const RECENT = 6;

/** The window of `points` steps before `end`; null where none of them has a value. */
export function ownWindowOf(one: Pick<KinSeries, 'startAtMs' | 'stepMs' | 'scaled'>, end: number, points: number, course: Float64Array): OwnWindow | null {
  let [last, recent, recentCount, level, count, change, changes] = [NaN, 0, 0, 0, 0, 0, 0];
  for (let t = end - 1; t >= Math.max(0, end - points); t--) {
    const value = one.scaled[t] as number;
    if (Number.isNaN(value)) continue;
    const off = value - (course[placeOfDay(one, t)] as number);
    if (count === 0) last = off;
    if (end - t <= RECENT) {
      recent += off;
      recentCount++;
    }
    level += off;
    count++;
    const before = t > end - points && t > 0 ? (one.scaled[t - 1] as number) : NaN;
    if (Number.isNaN(before)) continue;
    change += Math.abs(value - before);
    changes++;
  }
  if (count === 0) return null;
  return { last, recent: recentCount > 0 ? recent / recentCount : last, level: level / count, change: changes > 0 ? change / changes : 0 };
}
