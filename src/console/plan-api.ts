import type { FleetPlan } from '../domain/fleet-plan/fleet-plan';
import type { MoveFate } from '../domain/fleet-plan/plan-modes';

/** What staying would come to, beside the move that the plan prefers, over the plan's horizon. */
export interface MoveAlternative {
  readonly instanceId: string;
  readonly fate: MoveFate;
  /** Null where what the plan was made from is no longer kept. */
  readonly stay: { readonly usd: number; readonly overloadMinutes: number } | null;
  readonly best: { readonly usd: number; readonly overloadMinutes: number } | null;
}

export interface PlanDetail {
  readonly planId: string;
  readonly planHash: string;
  readonly fleet: string;
  readonly atMs: number;
  readonly mode: string;
  readonly horizonMs: number;
  readonly plan: FleetPlan;
  /** In the order of the plan's moves. */
  readonly alternatives: readonly MoveAlternative[];
  /** Until when somebody may approve it; null where nobody is waited for. */
  readonly awaitsUntilMs: number | null;
  readonly temporalUrl: string | null;
}
