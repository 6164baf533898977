import type { PlannedMove } from '../domain/fleet-plan/fleet-plan';
import type { PlanDiff } from '../domain/fleet-plan/plan-diff';
import type { AskedMode, AskedModes, FleetMode, MoveFate } from '../domain/fleet-plan/plan-modes';
import type { FleetPlanPolicy } from '../domain/fleet-plan/plan-policy';
import type { PlanPolicyChanges } from '../domain/fleet-plan/plan-policy-input';
import type { AnswerTally } from '../domain/queue/tally-answers';

export const SHAPE_FLEET = 'shapeFleet';
export const WEIGH_FLEET_SHARD = 'weighFleetShard';

const PLAN_PREFIX = 'plan-';

/** The id of the plan that a tick makes, from the digest of the tick's. */
export function planIdOf(tickDigest: string): string {
  return `${PLAN_PREFIX}${tickDigest.slice(0, 12)}`;
}

export function isPlanId(id: string): boolean {
  return id.startsWith(PLAN_PREFIX);
}

/** Names of a tick's messages, for clients that do not share the workflow's code. */
export const TICK_MESSAGES = { approve: 'approve', decline: 'decline', status: 'status' } as const;

/** Input of one control tick; every field has a default. */
export interface ShapeFleetInput {
  /** Value of the tag `foreshift:fleet`; default: every running instance that has the tag. */
  readonly fleet?: string;
  /** `observe`, the default, decides and writes plan and audit, and calls nothing that changes anything. `earned`: for each service what its record allows. */
  readonly mode?: AskedMode;
  /** Modes of single pools or services. */
  readonly modes?: Readonly<Record<string, FleetMode>>;
  /** What differs from the worker's policy. */
  readonly policy?: PlanPolicyChanges;
  /** How long a proposed plan may be approved; default: an hour. */
  readonly approvalTimeoutMs?: number;
}

/** A move as it crosses a boundary: what a table of the plan shows. */
export type MoveSummary = Pick<PlannedMove, 'instanceId' | 'name' | 'kind' | 'fromShape' | 'toShape' | 'toPoolId' | 'startAtMs' | 'deadlineAtMs' | 'risk' | 'impactMinutes' | 'costUsd' | 'savesUsd'> & {
  readonly fate: MoveFate;
  readonly reason: string;
};

/** A plan as it crosses a boundary; the plan itself is found under `planId`. */
export interface PlanSummary {
  readonly planId: string;
  readonly planHash: string;
  readonly atMs: number;
  readonly instances: number;
  readonly withoutForecast: number;
  readonly moves: number;
  readonly fates: Readonly<Record<MoveFate, number>>;
  readonly costUsd: number;
  readonly savesUsd: number;
  readonly avoidedMinutes: number;
  /** Most urgent first, at most 20. */
  readonly top: readonly MoveSummary[];
  /** Modes that services have earned, and why; where they were asked for, at most 20. */
  readonly earned?: Readonly<Record<string, string>>;
  /** Against the plan before, at most 20 names each. */
  readonly diff: PlanDiff;
}

/** What the queue said; at most 20 refusals. */
export type QueuedCounts = AnswerTally;

export interface ShapeFleetResult extends PlanSummary {
  readonly mode: AskedMode;
  /** What became of the plan: nothing to do, looked at, in the queue, declined, or not approved in time. */
  readonly outcome: 'Empty' | 'Observed' | 'Queued' | 'Declined' | 'Expired';
  readonly queued: QueuedCounts;
  readonly decidedBy: string | null;
}

/** Answer of the `status` query. */
export interface TickStatus {
  readonly phase: 'snapshot' | 'weigh' | 'plan' | 'queue' | 'approval' | 'done';
  readonly shardsDone: number;
  readonly shards: number;
  readonly plan: PlanSummary | null;
  readonly awaitingApproval: { readonly planId: string; readonly planHash: string; readonly moves: number; readonly untilMs: number } | null;
}

export interface ApprovePlanArgs {
  readonly planHash: string;
  readonly by?: string;
}

export interface DeclinePlanArgs {
  readonly reason: string;
  readonly by?: string;
}

export interface WeighShardInput {
  readonly tickId: string;
  readonly shard: number;
  readonly policy: FleetPlanPolicy;
}

/** What a tick reads and writes. Facts, forecasts and plans stay in the database; references and summaries come back. */
export interface PlanActivities {
  resolvePlanPolicy(): Promise<FleetPlanPolicy>;
  /** Writes down what the fleet is, in shards. */
  openTick(args: { tickId: string; fleet: string | null }): Promise<{ readonly instances: number; readonly shards: number }>;
  /** Forecasts and weighs one shard. */
  weighShard(args: WeighShardInput): Promise<{ readonly weighed: number }>;
  /** Plans the whole fleet from what was weighed, and stores the plan with all that it was made from. */
  makePlan(args: { tickId: string; fleet: string | null; policy: FleetPlanPolicy; choice: AskedModes; workflowId: string }): Promise<PlanSummary>;
  /** Throws `StaleDecision` where a newer plan of the fleet is there. */
  confirmPlan(args: { planId: string }): Promise<void>;
  /** Tells the queues what is newly predicted of instances that wait there or move, those in `observe` not among them. */
  predictMoves(args: { tickId: string; choice: AskedModes }): Promise<{ readonly told: number }>;
  /** Hands the moves of that fate to their fleets' queues. */
  queuePlan(args: { planId: string; fate: MoveFate; requestedBy: string }): Promise<QueuedCounts>;
}
