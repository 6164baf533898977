import { FLEET_MODES, type FleetMode } from '../fleet-plan/plan-modes';
import type { AutonomyRecord } from './autonomy-record';
import type { AutonomyThresholds } from './autonomy-thresholds';
import { ceilingsOf, type Ceiling } from './ceilings';
import { whyNotYet } from './why-not-yet';

/** The mode of a pool without any record: everything is offered, nothing is done by itself. */
export const FIRST_MODE: FleetMode = 'propose';

export interface AutonomyDecision {
  readonly mode: FleetMode;
  readonly change: 'rises' | 'falls' | 'stays';
  /** Why it is this one: each a sentence with a number and its bound. */
  readonly reasons: readonly string[];
  /** What the next mode still lacks; empty at the highest and where it has just risen. */
  readonly missing: readonly string[];
}

/**
 * The mode that a pool has earned. It falls at once to what the record allows; it rises one step at a time, on evidence gathered since the last change and within tighter
 * bounds. What nobody measured never raises it.
 */
export function decideAutonomy(record: AutonomyRecord, thresholds: AutonomyThresholds): AutonomyDecision {
  const { mode } = record;
  const ceilings = ceilingsOf(record, thresholds);
  const lowest = ceilings.map((one) => one.mode).reduce(lower, 'act');
  if (rank(lowest) < rank(mode)) {
    return { mode: lowest, change: 'falls', reasons: because(ceilings.filter((one) => rank(one.mode) < rank(mode))), missing: [] };
  }
  const next = FLEET_MODES[rank(mode) + 1];
  if (next === undefined) return { mode, change: 'stays', reasons: ['everything that was measured is within its bounds'], missing: [] };
  const { met, missing } = whyNotYet(record, next, thresholds);
  const inTheWay = [...because(ceilings.filter((one) => rank(one.mode) < rank(next))), ...missing];
  if (inTheWay.length > 0) return { mode, change: 'stays', reasons: [`${next} is not earned yet`], missing: inTheWay };
  return { mode: next, change: 'rises', reasons: met, missing: [] };
}

function rank(mode: FleetMode): number {
  return FLEET_MODES.indexOf(mode);
}

function lower(a: FleetMode, b: FleetMode): FleetMode {
  return rank(a) < rank(b) ? a : b;
}

function because(ceilings: readonly Ceiling[]): string[] {
  return ceilings.map(({ mode, why }) => `${why}: ${mode} at most`);
}
