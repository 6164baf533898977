import { sql } from 'kysely';
import type { AuditEntry, AuditFilter, AuditRecord } from '../../contracts/audit';
import type { Database } from './database';

const PAGE = 1_000;

/** The newest records that pass the filter by their time, oldest of them first: by their numbers, what happened long ago would have to be looked for from now on backwards. */
export async function newestRecords(db: Database, filter: AuditFilter, limit: number): Promise<AuditRecord[]> {
  const rows = await filtered(db, filter).orderBy('at_ms', 'desc').orderBy('seq', 'desc').limit(limit).execute();
  return rows.reverse().map(recordOf);
}

/** All records that pass the filter, in their order, page by page: as many as there are, in little memory. */
export async function* allRecords(db: Database, filter: AuditFilter): AsyncGenerator<AuditRecord> {
  for (let after = '0'; ; ) {
    const rows = await filtered(db, filter).where('seq', '>', after).orderBy('seq').limit(PAGE).execute();
    yield* rows.map(recordOf);
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.seq;
  }
}

function filtered(db: Database, { workflowId, instanceId, service, kind, actor, outcome, sinceMs, untilMs, text, beforeSeq, afterSeq }: AuditFilter) {
  let query = db.selectFrom('audit').select(['seq', 'entry', 'previous_hash', 'hash']);
  if (workflowId !== undefined) query = query.where('workflow_id', '=', workflowId);
  if (instanceId !== undefined) query = query.where('instance_id', '=', instanceId);
  if (service !== undefined) query = query.where('service', '=', service);
  if (kind !== undefined) query = query.where('kind', '=', kind);
  if (actor !== undefined) query = query.where('actor', '=', actor);
  if (outcome !== undefined) query = query.where('outcome', '=', outcome);
  if (sinceMs !== undefined) query = query.where('at_ms', '>=', String(sinceMs));
  if (untilMs !== undefined) query = query.where('at_ms', '<', String(untilMs));
  if (text !== undefined) query = query.where(sql<boolean>`words @@ websearch_to_tsquery('simple', ${text})`);
  if (beforeSeq !== undefined) query = query.where(sql<boolean>`(at_ms, seq) < (select at_ms, seq from audit where seq = ${beforeSeq})`);
  if (afterSeq !== undefined) query = query.where('seq', '>', String(afterSeq));
  return query;
}

function recordOf(row: { readonly seq: string; readonly entry: string; readonly previous_hash: string; readonly hash: string }): AuditRecord {
  return { ...(JSON.parse(row.entry) as AuditEntry), seq: Number(row.seq), previousHash: row.previous_hash, hash: row.hash };
}
