import { analogRule } from '../rules/analog-rule';
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

/** What the gate for a horizon mixes, in the order of its weights. A change here needs new weights. */
export function gateRules(horizon: number): readonly PathRule[] {
  return horizon <= LONGEST_SHORT_HORIZON ? [...SHARED_RULES, analogRule, regressionRule] : SHARED_RULES;
}
