import type { AuditCheckpoint } from '../../domain/audit-checkpoint';
import { checkpointText } from '../../domain/audit-checkpoint';
import type { Signer } from '../signing-key';
import type { Database } from './database';

/** Signs the newest record where that is not done yet. @returns the checkpoint, or null where there is nothing new */
export async function sealAudit(db: Database, signer: Signer, nowMs: number): Promise<AuditCheckpoint | null> {
  const newest = await db.selectFrom('audit').select(['seq', 'hash']).orderBy('seq', 'desc').limit(1).executeTakeFirst();
  if (newest === undefined) return null;
  const point = { seq: Number(newest.seq), hash: newest.hash, atMs: nowMs };
  const checkpoint: AuditCheckpoint = { ...point, keyId: signer.keyId, signature: signer.sign(checkpointText(point)) };
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('audit_checkpoint')
    .values({ seq: String(point.seq), hash: point.hash, at_ms: String(nowMs), key_id: signer.keyId, signature: checkpoint.signature })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 0n ? null : checkpoint;
}

/** All that were ever signed, in their order. */
export async function storedCheckpoints(db: Database): Promise<AuditCheckpoint[]> {
  const rows = await db.selectFrom('audit_checkpoint').selectAll().orderBy('seq').execute();
  return rows.map((row) => ({ seq: Number(row.seq), hash: row.hash, atMs: Number(row.at_ms), keyId: row.key_id, signature: row.signature }));
}
