import type { SeenInstance } from '../../contracts/adjust-shape';
import type { MoveRequest } from '../../domain/queue/move-request';

interface WantedShape {
  readonly instanceId: string;
  readonly shape: string;
  readonly reason: string;
  readonly instance: SeenInstance;
  /** Tells one wish from the next. */
  readonly round: number;
}

/** A change of shape as a fleet's queue takes it: in its own zone, at once. */
export function shapeMove({ instanceId, shape, reason, instance, round }: WantedShape): MoveRequest {
  const { name, service, zone, move } = instance;
  return {
    itemId: `shape/${round}/${instanceId}`,
    instanceId,
    name,
    service,
    ...move,
    targetPool: null,
    impactMinutes: 0,
    notBeforeMs: 0,
    deadlineAtMs: null,
    reason: reason.slice(0, 500),
    requestedBy: 'foreshift:shape',
    decisionId: null,
    onlyIfContended: false,
    zones: [zone],
    shapes: [shape],
  };
}
