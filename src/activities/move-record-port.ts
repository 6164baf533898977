import type { MigrationPlan } from '../domain/migration-plan';
import type { MigrationPhase } from '../domain/migration-phase';
import type { StatePlace } from '../domain/recovery/assess-move';
import type { TrafficBinding } from '../domain/source-snapshot';

/** A move as the audit remembers it. */
export interface MoveRecord {
  readonly runId: string;
  readonly plan: MigrationPlan;
  /** The last one that was entered, of the move or of a recovery of it. */
  readonly phase: MigrationPhase | 'rollback';
  /** The furthest on the way forward. */
  readonly reached: MigrationPhase;
  /** How the source's traffic went before the move changed it; null where it did not come to that. */
  readonly traffic: TrafficBinding | null;
  readonly stateIn: StatePlace;
}

export interface MoveRecordPort {
  /** The newest move under this workflow id that made a plan to be carried out; null where there is none. */
  newest(workflowId: string): Promise<MoveRecord | null>;
}
