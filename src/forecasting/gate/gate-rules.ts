import { analogRule } from '../rules/analog-rule';
import { thinPaths } from '../path-distribution';
import { LONGEST_SHORT_HORIZON } from '../rules/backtest-rules';
import { createChangeRule } from '../rules/change-rule';
import { dayAnalogRule } from '../rules/day-analog-rule';
import { createLevelRule } from '../rules/level-rule';
import type { PathRule } from '../rules/path-rule';
import { periodRule } from '../rules/period-rule';
import { regressionRule } from '../rules/regression-rule';
import { createAnchoredProfileRule, createProfileRule, weekdayRule, yesterdayRule } from '../rules/season-rules';

const SHARED_RULES: readonly PathRule[] = [
  createChangeRule('change', 4032),
  createChangeRule('day-change', 288),
  createChangeRule('recent-change', 48),
  createLevelRule(12),
  createLevelRule(36),
  createLevelRule(288),
  createProfileRule(28),
  createProfileRule(7),
  yesterdayRule,
  weekdayRule,
  createAnchoredProfileRule(1, 'sum'),
  createAnchoredProfileRule(72, 'sum'),
  createAnchoredProfileRule(72, 'ratio'),
  createAnchoredProfileRule(288, 'sum'),
  createAnchoredProfileRule(288, 'ratio'),
  dayAnalogRule,
  periodRule,
];

/** How much work rules may be. */
export interface RuleEffort {
  /** So many paths of a rule are looked at, at most. */
  readonly mostPaths: number;
  /** Names of rules that are not asked. */
  readonly leftOut: readonly string[];
}

/** Rules that cost less: those left out cannot forecast, as far as the gate knows, and give their weight to the others. */
export function lightenRules(rules: readonly PathRule[], { mostPaths, leftOut }: RuleEffort): readonly PathRule[] {
  return rules.map((rule) => ({
    name: rule.name,
    paths(context, horizon) {
      const paths = leftOut.includes(rule.name) ? null : rule.paths(context, horizon);
      return paths === null ? null : thinPaths(paths, mostPaths);
    },
  }));
}

/** What the gate for a horizon mixes, in the order of its weights. A change here needs new weights. */
export function gateRules(horizon: number): readonly PathRule[] {
  return horizon <= LONGEST_SHORT_HORIZON ? [...SHARED_RULES, analogRule, regressionRule] : SHARED_RULES;
}
