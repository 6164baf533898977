import type { PlannedMove } from './fleet-plan';

/** What becomes of a plan: only looked at, offered for approval, the risky part offered, or carried out. */
export const FLEET_MODES = ['observe', 'propose', 'approve-risky', 'act'] as const;

export type FleetMode = (typeof FLEET_MODES)[number];

/** What may be asked for: a mode, or that which each service has earned by its record. */
export const ASKED_MODES = [...FLEET_MODES, 'earned'] as const;

export type AskedMode = (typeof ASKED_MODES)[number];

export interface AskedModes {
  readonly mode: AskedMode;
  /** Modes of single pools or services, which come before the fleet's. */
  readonly modes: Readonly<Record<string, FleetMode>>;
}

export interface ModeChoice {
  readonly mode: FleetMode;
  /** Modes of single pools or services, which come before the fleet's. */
  readonly modes: Readonly<Record<string, FleetMode>>;
  /** Of services whose mode was earned: which, and why. */
  readonly earned?: Readonly<Record<string, string>>;
}

export type MoveFate = 'observed' | 'awaits' | 'goes';

/** The mode of a move: of its service, of the pool that it leaves or goes to (the more careful of both), or the fleet's. */
export function modeOf({ service, fromPoolId, toPoolId }: Pick<PlannedMove, 'service' | 'fromPoolId' | 'toPoolId'>, { mode, modes }: ModeChoice): FleetMode {
  const own = [service, fromPoolId, toPoolId].flatMap((key) => (Object.hasOwn(modes, key) ? [modes[key] as FleetMode] : []));
  return own.toSorted((a, b) => FLEET_MODES.indexOf(a) - FLEET_MODES.indexOf(b))[0] ?? mode;
}

/** What becomes of a move. In `approve-risky` all but low risks wait for somebody. */
export function fateOf(move: PlannedMove, choice: ModeChoice): MoveFate {
  switch (modeOf(move, choice)) {
    case 'observe':
      return 'observed';
    case 'propose':
      return 'awaits';
    case 'approve-risky':
      return move.risk === 'low' ? 'goes' : 'awaits';
    case 'act':
      return 'goes';
  }
}
