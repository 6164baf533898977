import type { Drift } from '../domain/recovery/find-drift';
import type { ResourceRef } from '../domain/recovery/owned-resource';
import type { ReapPolicy } from '../domain/recovery/plan-reap';

export const REAP_ORPHANS = 'reapOrphans';

/** Names of its messages. */
export const REAP_MESSAGES = { status: 'status' } as const;

/** Input of `reapOrphans`: one plain JSON object, nothing is required. */
export interface ReapOrphansInput {
  /** Tells what would be done and does nothing. */
  readonly dryRun?: boolean;
  /** How long an owner must have ended before what is left of it is taken away; default: 30 min. */
  readonly graceMs?: number;
  /** What is more than so many things is left for the next run; default: 100. */
  readonly mostActs?: number;
  /** Another region than the workers' own; its workers must be there. */
  readonly region?: string;
  /** Ids of workflows that an operator knows to have ended for ever, though neither Temporal nor the audit tells. */
  readonly confirmedGone?: readonly string[];
  /** Brings moves that ended from outside, and of which something serves, to their end as `recoverMigration` proposes: back, or on. Default: they are left to an operator. */
  readonly recover?: boolean;
  /** Who asks; stands in the audit. */
  readonly actor?: string;
}

/** A resource and what is to become of it. */
export interface ReapLine extends ResourceRef {
  readonly role: string;
  readonly why: string;
}

/** What there is to do. Of long lists the first are told; the counts are of all. */
export interface ReapSurvey {
  readonly resources: number;
  readonly reap: readonly ReapLine[];
  readonly kept: readonly ReapLine[];
  readonly needsOperator: readonly ReapLine[];
  /** Instances whose moves a recovery brings to their end; what is left of them stands among what needs an operator. */
  readonly recoverable: readonly string[];
  readonly counts: { readonly reap: number; readonly keep: number; readonly needsOperator: number };
}

/** What is not as running workflows mean it to be; `silent`: workflows that did not answer, and of which nothing is known. */
export interface DriftReport {
  readonly drift: readonly Drift[];
  readonly silent: readonly string[];
}

/** Answer of the `status` query, and how it ended. `failed`: what could not be taken away, with the reason; the next run tries again. */
export interface ReapOrphansResult {
  readonly kind: 'DryRun' | 'Done' | 'SomeLeft';
  readonly drift: DriftReport;
  readonly survey: ReapSurvey;
  readonly reaped: readonly ReapLine[];
  /** How the moves ended that were recovered. */
  readonly recovered: readonly { readonly instanceId: string; readonly outcome: string; readonly why: string }[];
  readonly failed: readonly ReapLine[];
}

export interface ReapArgs {
  readonly target: ResourceRef;
  readonly policy: ReapPolicy;
  readonly confirmedGone: readonly string[];
  /** Since then the balancer must have counted nothing for a group that is taken away. */
  readonly sinceMs: number;
}

export interface ReapActivities {
  /** Reads what carries an owner's tags, asks Temporal and the audit for the owners, and decides. Changes nothing. */
  surveyOrphans(args: { readonly policy: ReapPolicy; readonly confirmedGone: readonly string[]; readonly mostActs: number }): Promise<ReapSurvey>;
  /** Decides anew about this one, and takes it away. Throws `Conflict` where it must stay now, `NotReadyYet` until it is gone; returns at once for what is gone already. */
  reapResource(args: ReapArgs): Promise<void>;
}

export interface DriftActivities {
  /** Holds what moves, holds and kept replicas that run mean the world to be against what AWS has: only what differs twice in a row is told. Changes nothing. */
  checkDrift(): Promise<DriftReport>;
}
