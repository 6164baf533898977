import type { MoveRequest } from '../queue/move-request';
import type { PlannedMove } from './fleet-plan';

/** A planned move as the queue takes it: named after plan and instance, so that asking twice is asking once. */
export function toMoveRequest(move: PlannedMove, planId: string, requestedBy: string): MoveRequest {
  return {
    itemId: `${planId}/${move.instanceId}`,
    instanceId: move.instanceId,
    name: move.name,
    service: move.service,
    slaClass: move.slaClass,
    sourcePool: move.fromPoolId,
    targetPool: move.toPoolId === move.fromPoolId ? null : move.toPoolId,
    impactMinutes: move.impactMinutes,
    notBeforeMs: Math.round(move.startAtMs),
    deadlineAtMs: move.deadlineAtMs,
    costUsd: move.costUsd,
    reason: `${move.kind}: ${move.reasons[0] ?? 'planned'}`.slice(0, 500),
    requestedBy,
    decisionId: planId,
    // The plan weighs a day and the price; the migration's own look is at the next two hours.
    onlyIfContended: false,
    zones: [move.toZone],
    shapes: [move.toShape],
  };
}
