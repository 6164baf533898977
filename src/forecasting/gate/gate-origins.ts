import { LONGEST_SHORT_HORIZON, originsBack } from '../rules/backtest-rules';

/** How far back rules are judged, in horizons: the last hours for short ones, the last week for a day. */
const SHORT_BACK: readonly number[] = [1, 2, 4, 10];
const LONG_BACK: readonly number[] = [1, 2, 3, 5, 7];

/** Moments at which the gate judges its rules, where all that came is known at `end`; as `originsBack` gives them. */
export function gateOrigins(end: number, horizon: number): number[] {
  return originsBack(end, horizon, horizon <= LONGEST_SHORT_HORIZON ? SHORT_BACK : LONG_BACK);
}
