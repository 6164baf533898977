import type { Selectable } from 'kysely';
import { sha256 } from '../../activities/digest';
import type { AuditEntry } from '../../contracts/audit';
import { ChainCheck, type ChainPoint, type ChainVerdict } from '../../domain/audit-chain';
import { GENESIS_HASH } from './audit-schema';
import type { Database, Tables } from './database';

const PAGE = 5_000;

/** Re-computes the whole chain, page by page, and holds it against what was signed. */
export async function verifyAudit(db: Database, signed: readonly ChainPoint[]): Promise<ChainVerdict> {
  const check = new ChainCheck(GENESIS_HASH, sha256, signed);
  for (let after = String(Number.MIN_SAFE_INTEGER); ; ) {
    const rows = await db.selectFrom('audit').select(['seq', 'key', 'entry', 'previous_hash', 'hash', 'kind', 'workflow_id', 'instance_id', 'at_ms']).where('seq', '>', after).orderBy('seq').limit(PAGE).execute();
    for (const row of rows) {
      check.add({ seq: Number(row.seq), entry: row.entry, previousHash: row.previous_hash, hash: row.hash });
      if (!isFiledAsWritten(row)) check.tell(`record ${row.seq} is filed under another key, kind, workflow, instance or time than its entry says`);
    }
    const last = rows.at(-1);
    if (last === undefined) return check.verdict();
    after = last.seq;
  }
}

/** Lists look at the columns, the hash covers the entry: where they differ, a record was hidden from the lists. */
function isFiledAsWritten(row: Pick<Selectable<Tables['audit']>, 'entry' | 'key' | 'kind' | 'workflow_id' | 'instance_id' | 'at_ms'>): boolean {
  try {
    const entry = JSON.parse(row.entry) as AuditEntry;
    const sameSubject = entry.key === row.key && entry.workflowId === row.workflow_id && entry.instanceId === row.instance_id;
    return sameSubject && entry.kind === row.kind && String(entry.atMs) === row.at_ms;
  } catch {
    return false;
  }
}
