import type { SeriesBounds } from '../load-series';
import { distributionOfPaths, pinballLoss } from '../path-distribution';
import type { PathRule, RuleContext } from './path-rule';

/**
 * Horizons up to this many steps are short: their backtest looks at the last hours. Two hours of 5-minute steps, and the step by which the latest value may be
 * old when a controller asks about the next two hours.
 */
export const LONGEST_SHORT_HORIZON = 25;
/** Levels of the backtest's loss: a few tell the rules apart as well as all of them. */
const LOSS_LEVELS: readonly number[] = [0.05, 0.15, 0.3, 0.5, 0.7, 0.85, 0.95];
const FEWEST_STEPS = 24;
/** A rule must have stood the test with at least this share of history before it. */
const HISTORY_SHARE = 1 / 3;

/**
 * Moments so many horizons back at which rules can be tested.
 *
 * @param back in horizons, rising
 * @returns places in the history, the latest first; none where the history is too short for a test
 */
export function originsBack(end: number, horizon: number, back: readonly number[]): number[] {
  return back.map((times) => end - times * horizon).filter((origin) => origin >= Math.max(FEWEST_STEPS, end * HISTORY_SHARE));
}

/** Origins of the backtest: short horizons within the last hours, long ones back to back over the last horizons; as `originsBack` gives them. */
export function backtestOrigins(end: number, horizon: number): number[] {
  return originsBack(end, horizon, horizon <= LONGEST_SHORT_HORIZON ? [1, 2, 4, 10] : [1, 2, 3]);
}

/** Mean pinball loss of each rule at the origins, in the load's unit; Infinity for a rule that could not forecast at one of them. */
export function backtestLosses(rules: readonly PathRule[], context: RuleContext, horizon: number, origins: readonly number[], bounds: SeriesBounds): Float64Array {
  return Float64Array.from(rules, (rule) => {
    let sum = 0;
    for (const origin of origins) {
      const paths = rule.paths({ ...context, end: origin }, horizon);
      if (paths === null) return Infinity;
      const { quantiles } = distributionOfPaths(paths, horizon, LOSS_LEVELS, bounds, { peak: false });
      sum += pinballLoss(quantiles, LOSS_LEVELS, context.values.subarray(origin, origin + horizon));
    }
    return sum / Math.max(1, origins.length);
  });
}
