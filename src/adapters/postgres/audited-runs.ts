import { sql } from 'kysely';
import type { AuditedRun } from '../../domain/reconcile-audit';
import type { Database } from './database';

/** The runs of workflows whose id begins so, that wrote anything since then; all their records count. */
export async function auditedRuns(db: Database, workflowPrefix: string, sinceMs: number): Promise<AuditedRun[]> {
  const { rows } = await sql<{ workflow_id: string; run_id: string; records: string; has_end: boolean; last: string }>`
    select workflow_id, audit_field(entry, 'runId') as run_id, count(*) as records, bool_or(kind = 'outcome') or (array_agg(kind order by seq desc))[1] = 'refusal' as has_end, max(at_ms) as last
    from audit where starts_with(workflow_id, ${workflowPrefix}) and workflow_id in (select workflow_id from audit where at_ms >= ${sinceMs})
    group by 1, 2 having max(at_ms) >= ${sinceMs} order by max(at_ms)`.execute(db);
  return rows.map((row) => ({ workflowId: row.workflow_id, runId: row.run_id, records: Number(row.records), hasEnd: row.has_end, lastAtMs: Number(row.last) }));
}
