import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { AuditPort } from '../../activities/audit-activities';
import type { AuditEntry, AuditRecord } from '../../contracts/audit';
import { retryableFailure } from '../../contracts/errors';
import { verifyChain } from '../../domain/audit-chain';
import type { ChainVerdict } from '../../domain/audit-chain';
import { canonicalJson } from '../../domain/canonical-json';
import type { Database } from './database';
import { GENESIS_HASH } from './schema';

export interface AuditFilter {
  readonly workflowId?: string;
  readonly instanceId?: string;
  readonly kind?: string;
  readonly limit: number;
}

export interface AuditLog extends AuditPort {
  /** Newest records, oldest of them first. */
  list(filter: AuditFilter): Promise<AuditRecord[]>;
  /** Re-computes the whole chain. */
  verify(): Promise<ChainVerdict>;
}

const VERIFY_PAGE = 5_000;

/** The audit in Postgres; see schema.ts for how a record is chained. */
export function createAuditLog(db: Database): AuditLog {
  return {
    async append(entry: AuditEntry) {
      const text = canonicalJson(entry);
      const answer = await sql<{ seq: string; hash: string }>`
        select seq, hash from audit_append(${entry.key}, ${text}, ${entry.kind}, ${entry.workflowId}, ${entry.instanceId}, ${entry.atMs})`
        .execute(db)
        .catch((error: unknown) => {
          throw retryableFailure('Unavailable', `the audit cannot be written: ${String(error)}`, error instanceof Error ? error : undefined);
        });
      const row = answer.rows[0];
      if (row === undefined) throw new Error('audit_append answered without a row');
      return { seq: Number(row.seq), hash: row.hash, detailDigest: sha256Hex(canonicalJson(entry.detail)) };
    },
    async list({ workflowId, instanceId, kind, limit }) {
      let query = db.selectFrom('audit').selectAll().orderBy('seq', 'desc').limit(limit);
      if (workflowId !== undefined) query = query.where('workflow_id', '=', workflowId);
      if (instanceId !== undefined) query = query.where('instance_id', '=', instanceId);
      if (kind !== undefined) query = query.where('kind', '=', kind);
      const rows = await query.execute();
      return rows.reverse().map((row) => ({
        ...(JSON.parse(row.entry) as AuditEntry),
        seq: Number(row.seq),
        previousHash: row.previous_hash,
        hash: row.hash,
      }));
    },
    async verify() {
      const links = [];
      for (let after = 0; ; ) {
        const rows = await db.selectFrom('audit').select(['seq', 'entry', 'previous_hash', 'hash']).where('seq', '>', String(after)).orderBy('seq').limit(VERIFY_PAGE).execute();
        links.push(...rows.map((row) => ({ seq: Number(row.seq), entry: row.entry, previousHash: row.previous_hash, hash: row.hash })));
        const last = rows.at(-1);
        if (last === undefined) break;
        after = Number(last.seq);
      }
      return verifyChain(links, GENESIS_HASH, sha256Hex);
    },
  };
}

function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
