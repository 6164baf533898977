import { sql } from 'kysely';
import type { RunRecordPort } from '../../activities/owned-resource-port';
import type { Database } from './database';
import { whileReachable } from './while-reachable';

/** Acts after which the shadow may have a state that the source does not have, and the one that says that the source has it. */
const STATE_LEAVES = ['beginSync begins', 'handOverState begins'];
const STATE_IS_BACK = 'takeStateBack';

/** How runs of workflows ended, as the audit tells. */
export function createRunRecords(db: Database): RunRecordPort {
  return {
    async find(workflowId, runIds) {
      const { rows } = await whileReachable('the audit cannot be read', () => sql<{ records: string; outcome: string | null; last: string | null; left_seq: string | null; back_seq: string | null }>`
        select count(*) as records, (array_agg(coalesce(outcome, audit_field(entry, 'summary')) order by seq desc) filter (where kind = 'outcome'))[1] as outcome, max(at_ms) as last,
          max(seq) filter (where audit_field(entry, 'summary') = any(${STATE_LEAVES})) as left_seq, max(seq) filter (where kind = 'undo' and audit_field(entry, 'summary') = ${STATE_IS_BACK}) as back_seq
        from audit where workflow_id = ${workflowId} and audit_field(entry, 'runId') = any(${runIds})`.execute(db));
      const [row] = rows;
      if (row === undefined || Number(row.records) === 0) return null;
      const isStateUnderWay = row.left_seq !== null && Number(row.left_seq) > Number(row.back_seq ?? -1);
      return { outcome: row.outcome, lastAtMs: Number(row.last ?? 0), isStateUnderWay };
    },
  };
}
