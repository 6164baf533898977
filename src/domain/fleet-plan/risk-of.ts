import type { MoveKind, Risk } from './fleet-plan';
import type { WeighedInstance } from './weigh-instance';

/** Above this a first copy takes so long that much can happen meanwhile. */
const LARGE_STATE_BYTES = 200e9;

/** How much depends on a move going well: who the instance serves, what it carries along, and whether there is time to go back. */
export function riskOf({ slaClass, stateBytes, sizing }: WeighedInstance, kind: MoveKind, atMs: number): Risk {
  const late = kind === 'grow' && sizing.kind === 'resize' && sizing.startAtMs <= atMs;
  if (slaClass === 'critical' || (late && stateBytes > LARGE_STATE_BYTES)) return 'high';
  return late || stateBytes > LARGE_STATE_BYTES ? 'medium' : 'low';
}
