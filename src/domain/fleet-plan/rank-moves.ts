import type { SlaClass } from '../queue/move-request';
import type { PlannedMove } from './fleet-plan';

/** The relaxed are moved before the critical. */
export const LENIENCY: Readonly<Record<SlaClass, number>> = { relaxed: 0, standard: 1, critical: 2 };

/**
 * Most urgent first: the expected overload that a move averts, on a scale of doublings, since a forecast tells no more; then the steeper demand, the relaxed SLA (a move is a
 * risk of its own), the fewer dependencies, the lower cost, and the name so that equal fleets give equal plans.
 */
export function byUrgency(a: PlannedMove, b: PlannedMove): number {
  return (
    doublings(b.impactMinutes) - doublings(a.impactMinutes) ||
    quarters(b.demandIncreaseRatio) - quarters(a.demandIncreaseRatio) ||
    LENIENCY[a.slaClass] - LENIENCY[b.slaClass] ||
    a.dependencies - b.dependencies ||
    (b.savesUsd - b.costUsd) - (a.savesUsd - a.costUsd) ||
    (a.instanceId < b.instanceId ? -1 : 1)
  );
}

/** Less than a minute is none. */
function doublings(minutes: number): number {
  return minutes < 1 ? -1 : Math.floor(Math.log2(minutes));
}

function quarters(ratio: number): number {
  return Math.round(ratio * 4);
}
