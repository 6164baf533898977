import type { MigrationPolicy } from './migration-policy';

/**
 * The level whose quantile is the cheapest capacity: underCost / (underCost + overCost), the newsvendor's ratio, kept within the levels given.
 *
 * @param underCost cost of one unit too little, overCost of one unit too much, both in the same money
 * @param levels rising probabilities that a forecast has
 * @throws RangeError for a cost that is not a positive number, or no levels
 */
export function costQuantile(underCost: number, overCost: number, levels: readonly number[]): number {
  for (const [name, cost] of Object.entries({ underCost, overCost })) {
    if (!Number.isFinite(cost) || cost <= 0) throw new RangeError(`${name}: expected a positive number, got ${cost}`);
  }
  const lowest = levels[0];
  const highest = levels.at(-1);
  if (lowest === undefined || highest === undefined) throw new RangeError('levels: expected at least one probability');
  return Math.min(highest, Math.max(lowest, 1 / (1 + overCost / underCost)));
}

/** Levels between which forecasts are made: beyond them nothing is known. */
const FORECAST_LEVELS: readonly number[] = [0.05, 0.95];

/**
 * The quantile that a policy provisions for: what its costs imply where it gives them, else the one that it names. Every reader of
 * a policy's quantile asks here.
 *
 * @throws RangeError for a ratio that is not a positive number
 */
export function policyQuantile({ quantile, underToOverCostRatio }: Pick<MigrationPolicy['forecast'], 'quantile' | 'underToOverCostRatio'>): number {
  return underToOverCostRatio === undefined ? quantile : costQuantile(underToOverCostRatio, 1, FORECAST_LEVELS);
}
