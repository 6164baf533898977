import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { AuditPort } from '../../activities/audit-activities';
import type { AuditEntry, AuditRecord } from '../../contracts/audit';
import { retryableFailure } from '../../contracts/errors';
import { verifyChain } from '../../domain/audit-chain';
import type { ChainVerdict } from '../../domain/audit-chain';
import { canonicalJson } from '../../domain/canonical-json';
import type { Database, Tables } from './database';
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
      const { seq, hash, detail } = await appendOrFind(db, entry).catch((error: unknown) => {
        throw retryableFailure('Unavailable', `the audit cannot be written: ${String(error)}`, error instanceof Error ? error : undefined);
      });
      return { seq: Number(seq), hash, detailDigest: sha256Hex(canonicalJson(detail)) };
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
      const misfiled: string[] = [];
      for (let after = Number.MIN_SAFE_INTEGER; ; ) {
        const rows = await db.selectFrom('audit').selectAll().where('seq', '>', String(after)).orderBy('seq').limit(VERIFY_PAGE).execute();
        links.push(...rows.map((row) => ({ seq: Number(row.seq), entry: row.entry, previousHash: row.previous_hash, hash: row.hash })));
        for (const row of rows) if (!isFiledAsWritten(row)) misfiled.push(`record ${row.seq} is filed under another key, kind, workflow, instance or time than its entry says`);
        const last = rows.at(-1);
        if (last === undefined) break;
        after = Number(last.seq);
      }
      const verdict = verifyChain(links, GENESIS_HASH, sha256Hex);
      return { ...verdict, intact: verdict.intact && misfiled.length === 0, problems: [...verdict.problems, ...misfiled] };
    },
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

/** Lists look at the columns, the hash covers the entry: where they differ, a record was hidden from the lists. */
function isFiledAsWritten(row: Selectable<Tables['audit']>): boolean {
  try {
    const entry = JSON.parse(row.entry) as AuditEntry;
    const sameSubject = entry.key === row.key && entry.workflowId === row.workflow_id && entry.instanceId === row.instance_id;
    return sameSubject && entry.kind === row.kind && String(entry.atMs) === row.at_ms;
  } catch {
    return false;
  }
}

function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
