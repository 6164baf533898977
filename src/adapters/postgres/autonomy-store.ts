import { sql } from 'kysely';
import type { AutonomyStore } from '../../activities/autonomy-port';
import { AUTONOMY_ACTOR } from '../../domain/autonomy/actors';
import { createAuditLog } from './audit-log';
import { readAutonomyRecord } from './autonomy-record';
import type { Database } from './database';
import { inTransaction, whileReachable } from './while-reachable';

const CANNOT = 'the modes of pools cannot be';

/** Modes of pools in Postgres; see autonomy-schema.ts. */
export function createAutonomyStore(db: Database): AutonomyStore {
  return {
    pools: () =>
      whileReachable(`${CANNOT} read`, async () => {
        const { rows } = await sql<{ pool: string }>`
          select pool from forecast_score union select pool from autonomy_mode union select pool from autonomy_cap union select service as pool from audit where kind = 'outcome' and service is not null order by pool`.execute(db);
        return rows.map(({ pool }) => pool);
      }),
    read: (pool, at) => inTransaction(db, `${CANNOT} read`, async (transaction) => (await readAutonomyRecord(transaction, pool, at)).record),
    change: (pool, at, by, decide) =>
      inTransaction(db, `${CANNOT} written`, async (transaction) => {
        await sql`select pg_advisory_xact_lock(hashtext(${`autonomy/${pool}`}))`.execute(transaction);
        const { record, number, untilSeq } = await readAutonomyRecord(transaction, pool, at);
        const decision = decide(record);
        if (decision.change === 'stays') return decision;
        const key = `autonomy/${pool}/${number + 1}`;
        const reason = decision.reasons.join('; ');
        // Within the same transaction: a mode and its record in the audit are there together or not at all.
        await createAuditLog(transaction).append({ key, kind: 'decision', atMs: at.nowMs, actor: AUTONOMY_ACTOR, ...by, instanceId: null, service: pool, summary: `mode of ${pool} ${decision.change}: ${record.mode} -> ${decision.mode}`, reason, detail: { decision, record } });
        await transaction.insertInto('autonomy_mode').values({ pool, number: number + 1, mode: decision.mode, since_ms: String(at.nowMs), since_seq: untilSeq, reasons: reason }).execute();
        return decision;
      }),
    cap: ({ pool, mode, reason, actor, atMs }) =>
      inTransaction(db, `${CANNOT} written`, async (transaction) => {
        const id = `autonomy/${pool}`;
        await createAuditLog(transaction).append({ key: `${id}/cap/${atMs}`, kind: 'operator', atMs, actor, workflowId: id, runId: String(atMs), instanceId: null, service: pool, summary: mode === null ? `mode of ${pool} is no longer capped` : `mode of ${pool} is capped at ${mode}`, reason, detail: { mode } });
        await transaction.deleteFrom('autonomy_cap').where('pool', '=', pool).execute();
        if (mode !== null) await transaction.insertInto('autonomy_cap').values({ pool, mode, reason, actor, at_ms: String(atMs) }).execute();
      }),
  };
}
