/** What an audit record tells. */
export type AuditKind = 'decision' | 'intent' | 'act' | 'readback' | 'undo' | 'failure' | 'refusal' | 'approval' | 'operator' | 'phase' | 'outcome';

/** A record before it is chained. `key` makes a repeated write the same write. */
export interface AuditEntry {
  readonly key: string;
  readonly kind: AuditKind;
  readonly atMs: number;
  readonly actor: string;
  readonly workflowId: string;
  readonly runId: string;
  readonly instanceId: string | null;
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
