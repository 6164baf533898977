import { DEFAULT_PLAN_POLICY, type FleetPlanPolicy } from '../domain/fleet-plan/plan-policy';
import { DEFAULT_POLICY } from '../domain/migration-policy';
import type { MigrationPolicy } from '../domain/migration-policy';

/** For the local cloud, where metrics come every second and instances start in two: the same story, told faster. */
export const LOCAL_POLICY: MigrationPolicy = {
  ...DEFAULT_POLICY,
  ramp: { ...DEFAULT_POLICY.ramp, stepsPercent: [10, 25, 50, 100], stepMs: 4_000, gate: { ...DEFAULT_POLICY.ramp.gate, minRequests: 20 } },
  bakeMs: 8_000,
  weightsSettleMs: 2_000,
  pollMs: 500,
};

/** The parts of a move take seconds there. */
export const LOCAL_PLAN_POLICY: FleetPlanPolicy = {
  ...DEFAULT_PLAN_POLICY,
  durations: { launchMs: 15_000, syncMs: 15_000, rampMs: 20_000, bakeMs: 10_000 },
};
