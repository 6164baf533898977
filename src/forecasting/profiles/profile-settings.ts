import { LONGEST_SHORT_HORIZON } from '../rules/backtest-rules';

/** Numbers of states that a profile's hidden Markov model is tried with. */
export const STATE_COUNTS: readonly number[] = [2, 3, 4, 5, 6, 8];
/** Parts of the day with transitions of their own: three hours each. */
export const DAY_PARTS = 8;
/** Places of the day (a quarter of an hour each) at which its usual course is known. */
export const DAY_PLACES = 96;

/** Points of own history for which a profile learns by themselves; what lies between is interpolated. */
export const OWN_POINTS: readonly number[] = [0, 1, 6, 24, 144];
/** From so many points on a workload is forecast from its own past alone, as the sums over pools have it. */
export const KNOWN_AFTER_POINTS = 576;
/** Steps ahead at which a profile learns; those between are interpolated. */
export const KNOTS: readonly number[] = [1, 2, 3, 4, 6, 9, 12, 18, 24, 36, 54, 72, 108, 144, 192, 240, 288];
/** Where parts of a horizon end, in steps: what is learned of a forecast's mixture and width is learned in each. */
export const PART_ENDS: readonly number[] = [3, 6, 24, 72, 144, Infinity];

/** What a forecast is mixed of. `own` is the forecaster for settled workloads on the own history alone. */
export const COMPONENTS = ['bands', 'typical', 'regression', 'states', 'own'] as const;
export type ComponentName = (typeof COMPONENTS)[number];

/** The own history is forecast by other means beyond two hours, so that mixtures are learned for both kinds of horizon. */
export const HORIZON_KINDS = ['short', 'day'] as const;
export type HorizonKind = (typeof HORIZON_KINDS)[number];

export function horizonKindOf(horizon: number): HorizonKind {
  return horizon <= LONGEST_SHORT_HORIZON ? 'short' : 'day';
}

/** The part of a horizon that a step (from 1) lies in. */
export function partOf(step: number): number {
  return PART_ENDS.findIndex((end) => step <= end);
}
