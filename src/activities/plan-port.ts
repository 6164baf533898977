import type { FleetInstance } from '../domain/fleet-plan/fleet-instance';
import type { FleetPlan } from '../domain/fleet-plan/fleet-plan';
import type { Pool } from '../domain/fleet-plan/fleet-snapshot';
import type { ModeChoice } from '../domain/fleet-plan/plan-modes';
import type { FleetPlanPolicy } from '../domain/fleet-plan/plan-policy';
import type { WeighedInstance } from '../domain/fleet-plan/weigh-instance';

/** A plan and what it was made from beside the weighed instances, which lie under the tick. */
export interface StoredPlan {
  readonly planId: string;
  readonly planHash: string;
  /** Empty: all fleets. */
  readonly fleet: string;
  readonly tickId: string;
  readonly atMs: number;
  readonly workflowId: string;
  readonly choice: ModeChoice;
  readonly policy: FleetPlanPolicy;
  readonly pools: readonly Pool[];
  readonly plan: FleetPlan;
}

/** Ticks and plans. Writes are repeatable. */
export interface PlanStore {
  saveFacts(tickId: string, shard: number, atMs: number, facts: readonly FleetInstance[]): Promise<void>;
  readFacts(tickId: string, shard: number): Promise<readonly FleetInstance[] | null>;
  saveWeighed(tickId: string, shard: number, weighed: readonly WeighedInstance[]): Promise<void>;
  /** The pools of a tick, as they were when it began. */
  savePools(tickId: string, atMs: number, pools: readonly Pool[]): Promise<void>;
  readPools(tickId: string): Promise<readonly Pool[] | null>;
  /** In the order of shards; shards that nobody weighed are missing. */
  readWeighed(tickId: string): Promise<readonly WeighedInstance[]>;
  savePlan(plan: StoredPlan): Promise<void>;
  readPlan(planId: string): Promise<StoredPlan | null>;
  latestPlan(fleet: string): Promise<StoredPlan | null>;
  /** Newest first. */
  listPlans(fleet: string | null, limit: number): Promise<readonly StoredPlan[]>;
  /** Forgets what ticks before a time were made from, and plans before another: those without a move sooner. */
  trim(before: { readonly ticksMs: number; readonly emptyPlansMs: number; readonly plansMs: number }): Promise<void>;
}
