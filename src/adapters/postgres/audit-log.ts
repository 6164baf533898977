import { sql } from 'kysely';
import type { AuditPort } from '../../activities/audit-activities';
import { sha256 } from '../../activities/digest';
import type { AuditEntry, AuditFilter, AuditRecord } from '../../contracts/audit';
import { retryableFailure } from '../../contracts/errors';
import type { ChainPoint, ChainVerdict } from '../../domain/audit-chain';
import { canonicalJson } from '../../domain/canonical-json';
import { newestRecords } from './audit-query';
import type { Database } from './database';
import { verifyAudit } from './verify-audit';

export interface AuditLog extends AuditPort {
  /** Newest records, oldest of them first. */
  list(filter: AuditFilter & { readonly limit: number }): Promise<AuditRecord[]>;
  /** Re-computes the whole chain, and holds it against records that were signed. */
  verify(signed?: readonly ChainPoint[]): Promise<ChainVerdict>;
}

/** The audit in Postgres; see audit-schema.ts for how a record is chained. */
export function createAuditLog(db: Database): AuditLog {
  return {
    async append(entry: AuditEntry) {
      const { seq, hash, detail } = await appendOrFind(db, entry).catch((error: unknown) => {
        throw retryableFailure('Unavailable', `the audit cannot be written: ${String(error)}`, error instanceof Error ? error : undefined);
      });
      return { seq: Number(seq), hash, detailDigest: sha256(canonicalJson(detail)) };
    },
    list: ({ limit, ...filter }) => newestRecords(db, filter, limit),
    verify: (signed = []) => verifyAudit(db, signed),
  };
}

/** Where the key was there already, the place and the detail are those of the record that was kept. */
async function appendOrFind(db: Database, entry: AuditEntry): Promise<{ seq: string; hash: string; detail: unknown }> {
  const answer = await sql<{ seq: string; hash: string; fresh: boolean }>`
    select seq, hash, fresh from audit_append(${entry.key}, ${canonicalJson(entry)}, ${entry.kind}, ${entry.workflowId}, ${entry.instanceId}, ${entry.atMs})`.execute(db);
  const row = answer.rows[0];
  if (row === undefined) throw new Error('audit_append answered without a row');
  if (row.fresh) return { ...row, detail: entry.detail };
  const kept = await db.selectFrom('audit').select('entry').where('seq', '=', row.seq).executeTakeFirstOrThrow();
  return { ...row, detail: (JSON.parse(kept.entry) as AuditEntry).detail };
}
