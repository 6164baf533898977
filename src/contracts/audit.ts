/** What an audit record tells. */
export type AuditKind = 'decision' | 'intent' | 'act' | 'readback' | 'undo' | 'failure' | 'refusal' | 'approval' | 'operator' | 'phase' | 'outcome' | 'hindsight';

/** A record before it is chained. `key` makes a repeated write the same write. */
export interface AuditEntry {
  readonly key: string;
  readonly kind: AuditKind;
  readonly atMs: number;
  readonly actor: string;
  readonly workflowId: string;
  readonly runId: string;
  readonly instanceId: string | null;
  /** What the instance serves, where that is known; absent in records from before it was written down. */
  readonly service?: string | null;
  readonly summary: string;
  readonly reason: string | null;
  readonly detail: unknown;
}

export interface AuditRecord extends AuditEntry {
  readonly seq: number;
  readonly previousHash: string;
  readonly hash: string;
}

export interface AuditReceipt {
  readonly seq: number;
  readonly hash: string;
  /** SHA-256 of the entry's detail in canonical JSON: the plan's hash where the detail is a plan. */
  readonly detailDigest: string;
}

/** Which records are looked for: those that meet everything that is given. */
export interface AuditFilter {
  readonly workflowId?: string;
  readonly instanceId?: string;
  readonly service?: string;
  readonly kind?: string;
  readonly actor?: string;
  /** How a workflow or a queued move ended: `Completed`, `RolledBack` and so on. */
  readonly outcome?: string;
  readonly sinceMs?: number;
  /** Before this moment. */
  readonly untilMs?: number;
  /** Words of the summary and the reason: all of them, "in this order", or -none of those. */
  readonly text?: string;
  /** Older than this record, by time and then by number. */
  readonly beforeSeq?: number;
  /** Written after this record, by number: what somebody who has the others has not seen. */
  readonly afterSeq?: number;
}
