import { DEFAULT_PLAN_POLICY, type FleetPlanPolicy } from '../domain/fleet-plan/plan-policy';
import { DEFAULT_GATE, type RampGate } from '../domain/judge/ramp-gate';
import { DEFAULT_POLICY } from '../domain/migration-policy';
import type { MigrationPolicy } from '../domain/migration-policy';

/** Seconds stand for minutes. A process that begins beside twenty others on two cores is slower at first by more than an instance would be. */
const LOCAL_GATE: RampGate = {
  ...DEFAULT_GATE,
  minRequests: 20,
  falsePassRate: 0.2,
  // A step has seconds to bring as many requests as on AWS come in minutes.
  intolerable: { ...DEFAULT_GATE.intolerable, errors: { ratio: 2, margin: 0.1 } },
  latencyRatio: 1.5,
  latencyToleranceMs: 25,
  shortestBadMs: 2_000,
  alone: { ...DEFAULT_GATE.alone, shortestBadMs: 4_000 },
};

/** For the local cloud, where metrics come every second and instances start in two: the same story, told faster. */
export const LOCAL_POLICY: MigrationPolicy = {
  ...DEFAULT_POLICY,
  ramp: { ...DEFAULT_POLICY.ramp, stepsPercent: [10, 25, 50, 100], stepMs: 4_000, lookMs: 2_000, metricsSettleMs: 1_000, gate: LOCAL_GATE },
  sync: { ...DEFAULT_POLICY.sync, maxPauseMs: 300 },
  bakeMs: 8_000,
  weightsSettleMs: 2_000,
  pollMs: 500,
};

/** The parts of a move take seconds there. */
export const LOCAL_PLAN_POLICY: FleetPlanPolicy = {
  ...DEFAULT_PLAN_POLICY,
  durations: { launchMs: 15_000, syncMs: 15_000, rampMs: 20_000, bakeMs: 10_000 },
};
