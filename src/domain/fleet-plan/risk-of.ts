import type { MoveKind, Risk } from './fleet-plan';
import type { WeighedInstance } from './weigh-instance';

/** Above this a first copy takes so long that much can happen meanwhile. */
const LARGE_STATE_BYTES = 200e9;

/** How much depends on a move going well: who the instance serves, what it carries along, and whether there is time to go back. */
export function riskOf({ slaClass, stateBytes, sizing }: WeighedInstance, kind: MoveKind, atMs: number): Risk {
  return riskFrom({ slaClass, stateBytes, isLate: kind === 'grow' && sizing.kind === 'resize' && sizing.startAtMs <= atMs });
}

/** The same of a move that no plan of a fleet was made for. @param isLate it should have begun already */
export function riskFrom({ slaClass, stateBytes, isLate }: Pick<WeighedInstance, 'slaClass' | 'stateBytes'> & { readonly isLate: boolean }): Risk {
  if (slaClass === 'critical' || (isLate && stateBytes > LARGE_STATE_BYTES)) return 'high';
  return isLate || stateBytes > LARGE_STATE_BYTES ? 'medium' : 'low';
}
