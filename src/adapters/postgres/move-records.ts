import type { MoveRecordPort } from '../../activities/move-record-port';
import { TELLING_SUMMARIES, moveRecordOf } from '../../activities/move-record-of';
import type { AuditEntry } from '../../contracts/audit';
import { retryableFailure } from '../../contracts/errors';
import type { Database } from './database';
import { sql } from 'kysely';

/** Moves as the audit remembers them. */
export function createMoveRecords(db: Database): MoveRecordPort {
  return {
    async newest(workflowId) {
      const { rows } = await sql<{ entry: string }>`
        select entry from audit where workflow_id = ${workflowId} and (kind = 'phase' or audit_field(entry, 'summary') = any(${TELLING_SUMMARIES})) order by seq`
        .execute(db)
        .catch((error: unknown) => {
          throw retryableFailure('Unavailable', `the audit cannot be read: ${String(error)}`, error instanceof Error ? error : undefined);
        });
      return moveRecordOf(rows.map(({ entry }) => JSON.parse(entry) as AuditEntry));
    },
  };
}
