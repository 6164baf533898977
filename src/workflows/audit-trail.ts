import { upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { AuditEntry, AuditKind, AuditReceipt } from '../contracts/audit';
import { FLEET_ATTRIBUTE, SERVICE_ATTRIBUTE } from '../contracts/search-attributes';

export interface AuditMore {
  readonly reason?: string | null;
  readonly detail?: unknown;
  readonly actor?: string;
}

/** A workflow's own records in the audit. The counter makes a record's key the same in every replay, so that a repeated write is one record. */
export class AuditTrail {
  private service: string | null = null;
  private written = 0;

  /** @param runId tells this run's records from those of others under the same workflow id */
  constructor(
    private readonly append: (entry: AuditEntry) => Promise<AuditReceipt>,
    private readonly of: { readonly runId: string; readonly actor: string; readonly instanceId: string | null },
  ) {}

  /** From now on records and the search attributes tell which service, of which fleet, it is about. */
  serves(service: string, fleet: string | null = null): void {
    this.service = service;
    upsertSearchAttributes([{ key: SERVICE_ATTRIBUTE, value: service }, ...(fleet === null ? [] : [{ key: FLEET_ATTRIBUTE, value: fleet }])]);
  }

  record(kind: AuditKind, summary: string, more: AuditMore = {}): Promise<AuditReceipt> {
    const { workflowId } = workflowInfo();
    const { runId, actor, instanceId } = this.of;
    this.written += 1;
    return this.append({
      key: `${workflowId}/${runId}/${this.written}`,
      kind,
      atMs: Date.now(),
      actor: more.actor ?? actor,
      workflowId,
      runId,
      instanceId,
      service: this.service,
      summary,
      reason: more.reason ?? null,
      detail: more.detail ?? null,
    });
  }
}
