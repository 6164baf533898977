import { isOwnedCapacity } from '../owned-capacity';
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
    // A host is named even where it is the own one: the migration would look for any.
    targetPool: move.toPoolId === move.fromPoolId && !isOwnedCapacity(move.toPoolId) ? null : move.toPoolId,
    impactMinutes: move.impactMinutes,
    notBeforeMs: Math.round(move.startAtMs),
    deadlineAtMs: move.deadlineAtMs,
    costUsd: move.costUsd,
    reason: `${move.kind}: ${move.reasons[0] ?? 'planned'}`.slice(0, 500),
    requestedBy,
    decisionId: planId,
    onlyIfContended: move.kind === 'grow',
    zones: [move.toZone],
    shapes: [move.toShape],
  };
}
