import type { MoveRequest, SlaClass } from './move-request';

/** An instance of a place that is drained. */
export interface DrainMember {
  readonly instanceId: string;
  readonly name: string;
  readonly service: string;
  readonly slaClass: SlaClass;
  /** What its move costs. */
  readonly costUsd: number;
}

export interface DrainOrder {
  readonly place: string;
  readonly reason: string;
  readonly requestedBy: string;
  readonly decisionId: string;
  readonly deadlineAtMs: number | null;
  readonly round: number;
}

/** A place that goes away takes so much from each instance: more than most overloads, and the same from all. */
const IMPACT_MINUTES = 120;

/** The moves away from a place: at once, whether contended or not, wherever the migration finds room. The queue orders them. */
export function planDrain(members: readonly DrainMember[], { place, reason, requestedBy, decisionId, deadlineAtMs, round }: DrainOrder): MoveRequest[] {
  return members.map(({ instanceId, name, service, slaClass, costUsd }) => ({
    // The decision tells one isolation of a place from the next.
    itemId: `drain/${decisionId.slice(-8)}/${round}/${instanceId}`,
    instanceId,
    name,
    service,
    slaClass,
    sourcePool: place,
    targetPool: null,
    impactMinutes: IMPACT_MINUTES,
    notBeforeMs: 0,
    deadlineAtMs,
    costUsd,
    reason,
    requestedBy,
    decisionId,
    onlyIfContended: false,
    zones: [],
    shapes: [],
  }));
}
