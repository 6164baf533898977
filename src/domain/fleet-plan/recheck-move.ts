import type { PlannedMove } from './fleet-plan';
import type { WeighedInstance } from './weigh-instance';

/**
 * Whether a planned move is still wanted, by the same decision on fresh data; null where it is, else why not. A move out of a pool stays wanted: that is decided by the pool, not
 * by the instance.
 */
export function recheckMove(move: PlannedMove, now: WeighedInstance): string | null {
  if (now.shape.name !== move.fromShape) return `it runs on ${now.shape.name}, no longer on ${move.fromShape}`;
  if (now.poolId !== move.fromPoolId) return `it is in ${now.poolId}, no longer in ${move.fromPoolId}`;
  if (move.kind === 'offload' || move.kind === 'drain') return null;
  const { sizing } = now;
  if (sizing.kind !== 'resize') return `a ${move.kind} to ${move.toShape} is no longer wanted: ${sizing.reason}`;
  const grows = sizing.target.usdPerHour > now.shape.usdPerHour;
  if (grows !== (move.kind === 'grow')) return `it should ${grows ? 'grow' : 'shrink'} instead: ${sizing.reason}`;
  return sizing.target.name === move.toShape ? null : `${sizing.target.name} is wanted now, not ${move.toShape}`;
}
