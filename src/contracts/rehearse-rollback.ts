import type { RampVerdict } from '../domain/judge/verdict-of';
import type { SyncStrategy } from '../domain/sync-strategy';
import type { MigrateInstanceResult, PhaseRecord } from './migrate-instance';

export const REHEARSE_ROLLBACK = 'rehearseRollback';

/** Input of `rehearseRollback`: one plain JSON object with either an instance or a pool, whose oldest running instance is then taken. */
export interface RehearseRollbackInput {
  readonly instanceId?: string;
  /** Value of the tag `foreshift:service`. */
  readonly pool?: string;
  /** Returns the plan of the move that would be rehearsed, and makes no mutating call. */
  readonly dryRun?: boolean;
  /** As in `migrateInstance`. Only with `none` the shadow is given traffic: what it is told to write would be lost on the way back. */
  readonly sync?: Exclude<SyncStrategy, 'replicate' | 'application'>;
  /** How much of the source's traffic the shadow is given, at most; default: the first step of the worker's ramp. */
  readonly sharePercent?: number;
  /** How long source and shadow are compared. */
  readonly stepMs?: number;
  readonly zones?: readonly string[];
  readonly shapes?: readonly string[];
  readonly reason?: string;
}

/** The way back was gone on purpose, and everything is as it was. */
export interface Rehearsed {
  readonly kind: 'Rehearsed';
  readonly instanceId: string;
  /** What is gone again. Apart: nothing carries the source's load in the end but itself. */
  readonly shadow: { readonly instanceId: string; readonly shape: string; readonly zone: string };
  /** What the shadow had of the source's traffic. */
  readonly shadowPercent: number;
  /** What the judge said of the shadow; null where it was given no traffic. */
  readonly verdict: Pick<RampVerdict, 'kind' | 'why'> | null;
  /** From the decision to go back until the weights read back as all of the traffic on the source. */
  readonly weightsBackMs: number;
  /** From that decision until, beyond that, no request was left on the shadow. */
  readonly timeToSafeMs: number;
  /** From that decision until shadow, image and reservation were gone. */
  readonly removedMs: number;
  readonly phases: readonly PhaseRecord[];
}

export type RehearseRollbackResult = Rehearsed | Extract<MigrateInstanceResult, { kind: 'Planned' | 'Refused' | 'RolledBack' | 'NeedsOperator' }>;
