import { workflowInfo } from '@temporalio/workflow';
import type { AuditEntry, AuditKind } from '../../contracts/audit';
import { inPayloads } from '../../domain/in-payloads';
import { steps } from './activities';

export interface Told {
  readonly kind: AuditKind;
  readonly summary: string;
  readonly reason?: string | null;
  readonly instanceId?: string;
  readonly detail?: unknown;
  readonly actor?: string;
}

/** The audit's entries of one run, in the order in which things happened; messages tell theirs at once, and they are written in the next turn. */
export class Journal {
  private readonly pending: AuditEntry[] = [];
  private told = 0;

  tell({ kind, summary, reason, instanceId, detail, actor }: Told): void {
    const { workflowId, runId } = workflowInfo();
    this.told += 1;
    const entry = { key: `${workflowId}/${runId}/${this.told}`, kind, atMs: Date.now(), actor: actor ?? 'foreshift:queue', workflowId, runId, instanceId: instanceId ?? null, summary, reason: reason ?? null, detail: detail ?? null };
    this.pending.push(entry);
  }

  get isWritten(): boolean {
    return this.pending.length === 0;
  }

  async write(): Promise<void> {
    while (this.pending.length > 0) {
      for (const entries of inPayloads(this.pending.splice(0))) await steps.recordAudits({ entries });
    }
  }
}
