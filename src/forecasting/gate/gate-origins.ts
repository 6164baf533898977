import { LONGEST_SHORT_HORIZON } from '../rules/backtest-rules';

/** How far back rules are judged, in horizons: the last hours for short ones, the last week for a day. */
const SHORT_BACK: readonly number[] = [1, 2, 4, 10];
const LONG_BACK: readonly number[] = [1, 2, 3, 5, 7];
const FEWEST_STEPS = 24;
/** A rule must have stood the test with at least this share of history before it. */
const HISTORY_SHARE = 1 / 3;

/**
 * Moments at which the gate judges its rules, where all that came is known at `end`.
 *
 * @returns places in the history, the latest first; none where the history is too short for a test
 */
export function gateOrigins(end: number, horizon: number): number[] {
  const back = horizon <= LONGEST_SHORT_HORIZON ? SHORT_BACK : LONG_BACK;
  return back.map((times) => end - times * horizon).filter((origin) => origin >= Math.max(FEWEST_STEPS, end * HISTORY_SHARE));
}
