import type { SeriesBounds } from '../load-series';
import { distributionOfPaths, pinballLoss } from '../path-distribution';
import type { PathRule, RuleContext } from '../rules/path-rule';

/** Levels of the backtest's loss: a few tell the rules apart as well as all of them. */
const LOSS_LEVELS: readonly number[] = [0.05, 0.15, 0.3, 0.5, 0.7, 0.85, 0.95];
/** Weights fall with this power of the loss: nearly the best rule alone, yet ties share. */
const SHARPNESS = 8;
/** Less weight than this is none: spares the rule's computation and keeps exact values exact. */
const SMALLEST_WEIGHT = 0.02;
/** A rule must have stood the test with at least this share of history before it. */
const HISTORY_SHARE = 1 / 3;

/**
 * Origins of the backtest: short horizons repeat within the last hours, long ones back to back over the last horizons.
 *
 * @returns places in the history, the latest first; none where the history is too short for a test
 */
export function backtestOrigins(end: number, horizon: number): number[] {
  const back = horizon <= 24 ? [1, 2, 4, 10] : [1, 2, 3];
  return back.map((times) => end - times * horizon).filter((origin) => origin >= Math.max(24, end * HISTORY_SHARE));
}

/**
 * Weights for mixing rules: their pinball loss at recent origins of the same history to the power of -8. A rule that could not be tested gets
 * none; without any test all usable rules share alike.
 *
 * @returns one weight per rule, summing to 1 (all 0 where no rule can forecast)
 */
export function weighRules(rules: readonly PathRule[], context: RuleContext, horizon: number, bounds: SeriesBounds): number[] {
  const origins = backtestOrigins(context.end, horizon);
  const losses = rules.map((rule) => {
    let sum = 0;
    for (const origin of origins) {
      const paths = rule.paths({ ...context, end: origin }, horizon);
      if (paths === null) return Infinity;
      const { quantiles } = distributionOfPaths(paths, LOSS_LEVELS, bounds, 1);
      sum += pinballLoss(quantiles, LOSS_LEVELS, context.values.subarray(origin, origin + horizon));
    }
    return sum;
  });
  const best = Math.min(...losses);
  if (origins.length === 0 || best === Infinity) return share(rules.map((rule) => (rule.paths(context, horizon) === null ? 0 : 1)));
  // Relative to the best, so that a loss of zero (idle load) wins without dividing by it.
  const weights = losses.map((loss) => (loss === best ? 1 : (best / loss) ** SHARPNESS));
  const shared = share(weights);
  return share(shared.map((weight) => (weight < SMALLEST_WEIGHT ? 0 : weight)));
}

function share(weights: readonly number[]): number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => (sum > 0 ? weight / sum : 0));
}
