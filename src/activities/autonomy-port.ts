import type { Owner } from '../contracts/migration-activities';
import type { AutonomyRecord } from '../domain/autonomy/autonomy-record';
import type { AutonomyDecision } from '../domain/autonomy/decide-autonomy';
import type { FleetMode } from '../domain/fleet-plan/plan-modes';

export interface AutonomyCap {
  readonly pool: string;
  readonly mode: FleetMode;
  readonly reason: string;
  readonly actor: string;
  readonly atMs: number;
}

/** What was measured of pools, and the modes that they have. Every method throws `Unavailable` while the store cannot be reached. */
export interface AutonomyStore {
  /** Pools of which a forecast, a move or a mode is known, by name. */
  pools(): Promise<readonly string[]>;
  /** @param latelyMs of so long forecasts are looked at beside those since the last change */
  read(pool: string, at: { readonly nowMs: number; readonly latelyMs: number }): Promise<AutonomyRecord>;
  /** Reads, decides and writes in one: of two that ask at once the second sees what the first wrote. */
  change(pool: string, at: { readonly nowMs: number; readonly latelyMs: number }, by: Owner, decide: (record: AutonomyRecord) => AutonomyDecision): Promise<AutonomyDecision>;
  /** A pool is not above it from now on. Null takes the cap away. In the audit as an operator's word. */
  cap(cap: Omit<AutonomyCap, 'mode'> & { readonly mode: FleetMode | null }): Promise<void>;
}
