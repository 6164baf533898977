import type { FleetPlan, PlannedMove } from './fleet-plan';

/** What a plan changes against the one before it, as names of moves. */
export interface PlanDiff {
  readonly added: readonly string[];
  readonly dropped: readonly string[];
  readonly kept: number;
}

/** A move is the same where instance, shape and pool are. */
export function diffPlans(before: FleetPlan | null, now: FleetPlan): PlanDiff {
  const old = new Set((before?.moves ?? []).map(nameOf));
  const fresh = new Set(now.moves.map(nameOf));
  return {
    added: [...fresh].filter((name) => !old.has(name)),
    dropped: [...old].filter((name) => !fresh.has(name)),
    kept: [...fresh].filter((name) => old.has(name)).length,
  };
}

function nameOf({ name, instanceId, kind, toShape, toPoolId }: PlannedMove): string {
  return `${kind} ${name} (${instanceId}) to ${toShape} in ${toPoolId}`;
}
