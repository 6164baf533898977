import { sql } from 'kysely';
import type { MoveRecordPort } from '../../activities/move-record-port';
import { TELLING_SUMMARIES, moveRecordOf } from '../../activities/move-record-of';
import type { AuditEntry } from '../../contracts/audit';
import type { Database } from './database';
import { whileReachable } from './while-reachable';

/** Moves as the audit remembers them. */
export function createMoveRecords(db: Database): MoveRecordPort {
  return {
    async newest(workflowId) {
      const { rows } = await whileReachable('the audit cannot be read', () => sql<{ entry: string }>`
        select entry from audit where workflow_id = ${workflowId} and (kind = 'phase' or audit_field(entry, 'summary') = any(${TELLING_SUMMARIES})) order by seq`.execute(db));
      return moveRecordOf(rows.map(({ entry }) => JSON.parse(entry) as AuditEntry));
    },
  };
}
