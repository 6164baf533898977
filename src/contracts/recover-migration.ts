import type { MigrationPlan } from '../domain/migration-plan';
import type { Assessment, MoveSight, RecoveryWay } from '../domain/recovery/assess-move';
import type { SourceSnapshot } from '../domain/source-snapshot';
import type { MigrateInstanceResult } from './migrate-instance';
import type { Owner } from './migration-activities';

export const RECOVER_MIGRATION = 'recoverMigration';

/** Input of `recoverMigration`: one plain JSON object; only `instanceId`, the source's, is required. Without a `way` the world is looked at and nothing is changed. */
export interface RecoverMigrationInput {
  readonly instanceId: string;
  readonly way?: RecoveryWay;
  readonly reason?: string;
  /** Who asks; stands in the audit. */
  readonly actor?: string;
}

/** What is there of a move: as AWS has it, and as the audit remembers it. */
export interface MoveSurvey {
  /** Whose tags are on what is left. Null where the audit knows no move of that instance. */
  readonly owner: Owner | null;
  readonly sight: MoveSight;
  readonly plan: MigrationPlan | null;
  /** The source as it is now, with the routes as they were before the move. */
  readonly source: SourceSnapshot;
  readonly shadowPlace: { readonly zone: string; readonly shape: string } | null;
  /** The move made groups of its own for source and shadow. */
  readonly hasGroups: boolean;
  /** Of its source's traffic; as the weights of the routes tell. */
  readonly shadowPercent: number;
}

/** How a move ended that was recovered. */
export type Recovered = Extract<MigrateInstanceResult, { kind: 'Completed' | 'Refused' | 'RolledBack' | 'NeedsOperator' }>;

/** What was found, and how it ended; null where nothing was to be done but to look. */
export interface RecoverMigrationResult {
  readonly kind: Recovered['kind'] | 'Assessed';
  readonly assessment: Assessment;
  /** What carried the move's tags when it was looked at, its shadow not among it. */
  readonly found: readonly string[];
  readonly ended: Recovered | null;
}

export interface RecoveryActivities {
  /** Reads AWS first, then what the audit remembers of the newest move of that instance. Changes nothing. */
  surveyMove(args: { readonly instanceId: string }): Promise<MoveSurvey>;
}
