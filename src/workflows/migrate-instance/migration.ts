import type { MigrateInstanceInput, ReservationRef } from '../../contracts/migrate-instance';
import type { ImageRef, MigrationActivities, Owner, VolumeDelta } from '../../contracts/migration-activities';
import type { MigrationPlan } from '../../domain/migration-plan';
import type { MigrationPolicy } from '../../domain/migration-policy';
import type { SourceSnapshot } from '../../domain/source-snapshot';
import type { TargetRung } from '../../domain/target-ladder';
import type { ActivityInterfaceFor } from '@temporalio/workflow';
import type { MatchedNetwork } from '../../domain/region/match-network';
import type { Controls } from './controls';
import type { Place } from './place';
import type { Progress } from './progress';
import type { UndoStack } from '../undo-stack';

/** What every phase is given. */
export interface Migration {
  readonly input: MigrateInstanceInput;
  readonly owner: Owner;
  readonly policy: MigrationPolicy;
  readonly progress: Progress;
  readonly controls: Controls;
  readonly undo: UndoStack;
  readonly waiting: ActivityInterfaceFor<MigrationActivities>;
  /** The source's region, and the shadow's: the same one until the plan says otherwise. */
  readonly here: Place;
  there: Place;
  /** Closes the way back: whoever aborts after this is told so. */
  passPointOfNoReturn(): void;
}

/** A migration that knows what it moves and where to. */
export interface PlannedMigration extends Migration {
  readonly source: SourceSnapshot;
  readonly plan: MigrationPlan;
  /** Null where the shadow stays in the source's region, and so in its network. */
  readonly network: MatchedNetwork | null;
}

export interface Reserved {
  readonly rung: TargetRung;
  /** Null on a dedicated host, which is capacity by itself. */
  readonly reservation: ReservationRef | null;
}

export interface Shadow extends Reserved {
  readonly instanceId: string;
  /** The source's, and its copy in the shadow's region; the same one within a region. */
  readonly image: ImageRef;
  readonly imageThere: ImageRef;
}

/** The state of a service that has one writer, on its way. */
export interface FlowingState {
  handOver(): Promise<void>;
  end(): Promise<void>;
}

export interface SyncedShadow extends Shadow {
  /** The source's snapshots whose state the shadow's data volumes hold; empty where there are none. */
  readonly deltas: readonly VolumeDelta[];
  /** Null where the state is not handed over by its keepers. */
  readonly state: FlowingState | null;
}
