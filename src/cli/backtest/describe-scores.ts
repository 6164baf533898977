import type { PolicyScore } from '../../simulation/fleet/compare-policies';

const HEADING = ['policy', 'overload', 'SLA', 'USD', 'USD with overload', 'moves', 'ping-pongs', 'regret'] as const;

/** The scores as rows under a heading, in the order given. */
export function scoreTable(scores: readonly PolicyScore[]): string[][] {
  const rows = scores.map((one) => [
    one.policy,
    `${one.overloadMinutes} min`,
    `${one.slaMinutes} min`,
    one.usd.toFixed(2),
    one.sumUsd.toFixed(2),
    String(one.moves),
    String(one.pingPongs),
    one.regretUsd === null ? '-' : `${one.regretUsd.toFixed(2)} USD`,
  ]);
  return [[...HEADING], ...rows];
}

/** What the columns mean, for whoever sees the table for the first time. */
export const SCORE_NOTES: readonly string[] = [
  'overload: time above the limit of utilization; SLA: time above all that the shape has; regret: above perfect foresight',
  'USD with overload: an overloaded minute counts as many minutes of the instance as the policy says (overloadCostRatio)',
];
