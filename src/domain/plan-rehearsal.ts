import type { MigrationPlan } from './migration-plan';
import type { MigrationPolicy } from './migration-policy';

/** The same plan where it turns back at that share: the source stays, and so does what it costs. */
export function planRehearsal(plan: MigrationPlan, sharePercent: number, { ramp, bakeMs }: MigrationPolicy): MigrationPlan {
  const { cost } = plan;
  // The ramp's other steps and the bake are not come to.
  const doubleRunningMs = Math.max(0, cost.doubleRunningMs - bakeMs - (ramp.stepsPercent.length - 1) * (ramp.stepMs + ramp.metricsSettleMs));
  return {
    ...plan,
    changes: [`weights: ${sharePercent} % of the source's traffic to the shadow, and back`],
    terminates: [`the shadow; ${plan.instanceId} is not stopped`],
    cost: { hourlyBeforeUsd: cost.hourlyBeforeUsd, hourlyAfterUsd: cost.hourlyBeforeUsd, doubleRunningMs, doubleRunningUsd: cost.doubleRunningMs === 0 ? 0 : (cost.doubleRunningUsd * doubleRunningMs) / cost.doubleRunningMs },
  };
}
