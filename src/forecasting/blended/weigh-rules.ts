import type { SeriesBounds } from '../load-series';
import { backtestLosses, backtestOrigins } from '../rules/backtest-rules';
import type { PathRule, RuleContext } from '../rules/path-rule';

/** Less weight than this is none: spares the rule's computation and keeps exact values exact. */
const SMALLEST_WEIGHT = 0.02;

/**
 * Weights for mixing rules: their pinball loss at recent origins of the same history to the power of `-sharpness` (8: nearly the best rule
 * alone, yet ties share). A rule that could not be tested gets
 * none; without any test all usable rules share alike.
 *
 * @returns one weight per rule, summing to 1 (all 0 where no rule can forecast)
 */
export function weighRules(rules: readonly PathRule[], context: RuleContext, horizon: number, bounds: SeriesBounds, sharpness: number): number[] {
  const origins = backtestOrigins(context.end, horizon);
  const losses = Array.from(backtestLosses(rules, context, horizon, origins, bounds));
  const best = Math.min(...losses);
  if (origins.length === 0 || best === Infinity) return share(rules.map((rule) => (rule.paths(context, horizon) === null ? 0 : 1)));
  // Relative to the best, so that a loss of zero (idle load) wins without dividing by it.
  const weights = losses.map((loss) => (loss === best ? 1 : (best / loss) ** sharpness));
  const shared = share(weights);
  return share(shared.map((weight) => (weight < SMALLEST_WEIGHT ? 0 : weight)));
}

function share(weights: readonly number[]): number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => (sum > 0 ? weight / sum : 0));
}
