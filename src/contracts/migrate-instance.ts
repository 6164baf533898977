import type { SyncStrategy } from '../domain/sync-strategy';
import type { ContentionAssessment } from '../domain/contention';
import type { MigrationPhase } from '../domain/migration-phase';
import type { MigrationPlan } from '../domain/migration-plan';
import type { ForecastSummary } from '../domain/forecast';

export const MIGRATE_INSTANCE = 'migrateInstance';

export type MigrationTrigger = 'operator' | 'alarm' | 'tick' | 'queue';

/**
 * Input of `migrateInstance`: one plain JSON object, only `instanceId` is required. Durations in milliseconds; what is
 * left out comes from the worker's policy.
 */
export interface MigrateInstanceInput {
  readonly instanceId: string;
  /** Returns the complete plan and makes no mutating call. */
  readonly dryRun?: boolean;
  /** `required` waits for the `approve` update; an approval that does not come in time is a refusal. `earned`: as the mode that the service has earned wants it. */
  readonly approval?: 'none' | 'required' | 'earned';
  readonly approvalTimeoutMs?: number;
  /** Refuses with `StaleDecision` unless a forecast on fresh data still says that the instance runs out. */
  readonly onlyIfContended?: boolean;
  readonly reason?: string;
  readonly trigger?: MigrationTrigger;
  /** Another region than the source's to move to; its workers must be there. Zones, shapes and capacity are that region's then. Not for an instance behind a load balancer. */
  readonly region?: string;
  /** KMS key of that region, with which what is copied there is encrypted; default: as it was, with the region's default key. */
  readonly kmsKeyId?: string;
  /** Zones to try, in this order; default: the source's own, then the others. */
  readonly zones?: readonly string[];
  /** Dedicated host or capacity reservation to go into, and nowhere else. */
  readonly into?: string;
  /** Zones, hosts, reservations and groups that are no targets: isolated, full or left lately. */
  readonly avoidZones?: readonly string[];
  /** Shapes to try, in this order; default: the cheapest of the source's class that fit the forecast. */
  readonly shapes?: readonly string[];
  /** Rising percentages of the source's traffic, the last one 100. */
  readonly rampStepsPercent?: readonly number[];
  readonly rampStepMs?: number;
  readonly bakeMs?: number;
  /** How the shadow gets the source's state; default: what the source's tag `foreshift:sync` says, else `image`. */
  readonly sync?: SyncStrategy;
  /** How long a service whose state is handed over may stand still; the move goes back rather than take longer than about twice that. */
  readonly maxPauseMs?: number;
  /** What follows where a step's traffic was too little to judge by, after all holds: back, or the `approve` update is waited for. */
  readonly withoutEvidence?: 'goBack' | 'askOperator';
  /** Path on the instance whose answer must be the same on source and shadow before traffic moves. */
  readonly probePath?: string;
  /** The queue that is told how it ended, and the item of it. */
  readonly queueId?: string;
  readonly queueItemId?: string;
  /** Capacity that the queue asked for ahead of time: taken over where the plan still wants it. */
  readonly reservation?: ReservationRef;
}

export interface ReservationRef {
  readonly reservationId: string;
  readonly zone: string;
  readonly shape: string;
}

/** How a migration ended. Anything but `Completed` names its reasons. `region`: where the replacement is, if not in the source's. */
export type MigrateInstanceResult =
  | { readonly kind: 'Planned'; readonly plan: MigrationPlan; readonly forecasts: readonly ForecastSummary[]; readonly assessment: ContentionAssessment; readonly planHash: string }
  | { readonly kind: 'Completed'; readonly instanceId: string; readonly replacementId: string; readonly zone: string; readonly region?: string; readonly shape: string; readonly phases: readonly PhaseRecord[]; readonly notes: readonly string[] }
  | { readonly kind: 'Refused'; readonly error: string; readonly reasons: readonly string[] }
  | { readonly kind: 'RolledBack'; readonly phase: MigrationPhase; readonly reasons: readonly string[]; readonly phases: readonly PhaseRecord[] }
  | { readonly kind: 'NeedsOperator'; readonly phase: MigrationPhase; readonly reasons: readonly string[]; readonly left: readonly string[]; readonly phases: readonly PhaseRecord[] };

export interface PhaseRecord {
  readonly phase: MigrationPhase | 'rollback';
  readonly startedAtMs: number;
  readonly endedAtMs?: number;
  readonly note?: string;
}

/** Answer of the `status` query. */
export interface MigrationStatus {
  readonly instanceId: string;
  readonly phase: MigrationPhase | 'rollback' | 'done';
  /** `Rehearsed`: it was a rehearsal of the way back. */
  readonly outcome: MigrateInstanceResult['kind'] | 'Rehearsed' | null;
  readonly paused: boolean;
  readonly aborting: string | null;
  readonly awaitingApproval: { readonly planHash: string; readonly untilMs: number } | null;
  readonly planHash: string | null;
  readonly shadowId: string | null;
  /** Where shadow and reservation are, if not in the source's region. */
  readonly region?: string;
  readonly reservation: ReservationRef | null;
  readonly shadowPercent: number;
  readonly lastVerdict: string | null;
  /** How far the shadow's state is; null before, and where none is carried over. */
  readonly sync: { readonly lagBytes: number | null; readonly predictedPauseMs: number | null; readonly why: string } | null;
  readonly phases: readonly PhaseRecord[];
  /** What a rollback would undo now, last first. */
  readonly undo: readonly string[];
  readonly left: readonly string[];
}

export interface ApproveArgs {
  readonly planHash: string;
  readonly by?: string;
}

export interface AbortArgs {
  readonly reason: string;
  readonly by?: string;
}

export interface RampRateArgs {
  readonly stepsPercent?: readonly number[];
  readonly stepMs?: number;
  readonly by?: string;
}

/** Names of the messages, for clients that do not share the workflow's code. */
export const MIGRATION_MESSAGES = {
  pause: 'pause',
  resume: 'resume',
  approve: 'approve',
  abort: 'abort',
  requestAbort: 'requestAbort',
  setRampRate: 'setRampRate',
  /** Signals, for workflows, which can send no updates. */
  requestRampRate: 'requestRampRate',
  status: 'status',
} as const;
