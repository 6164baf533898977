import { sql } from 'kysely';
import { unfinishedResizeOf } from '../../activities/resize-record-of';
import type { ResizeRecordPort } from '../../activities/resize-record-port';
import type { AuditEntry } from '../../contracts/audit';
import type { Database } from './database';
import { whileReachable } from './while-reachable';

/** Changes of instances' types as the audit remembers them. */
export function createResizeRecords(db: Database): ResizeRecordPort {
  return {
    async unfinished(workflowId) {
      const { rows } = await whileReachable('the audit cannot be read', () => sql<{ entry: string }>`
        select entry from audit where workflow_id = ${workflowId} and kind in ('decision', 'outcome') order by seq`.execute(db));
      return unfinishedResizeOf(rows.map(({ entry }) => JSON.parse(entry) as AuditEntry));
    },
  };
}
