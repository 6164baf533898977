import type { IsolationStore } from '../../activities/isolation-port';
import type { IsolationSource, PlaceKind } from '../../domain/isolation';
import type { Database } from './database';
import { whileReachable } from './while-reachable';

/** Isolations in Postgres; see isolation-schema.ts. */
export function createIsolationStore(db: Database): IsolationStore {
  return {
    put: ({ place, kind, reason, source, sinceMs, untilMs, workflowId }) =>
      whileReachable('the isolation cannot be written', async () => {
        const row = { kind, reason, source, since_ms: String(sinceMs), until_ms: untilMs === null ? null : String(untilMs), workflow_id: workflowId };
        await db.insertInto('isolation').values({ place, ...row }).onConflict((conflict) => conflict.column('place').doUpdateSet(row)).execute();
      }),
    active: (nowMs) =>
      whileReachable('the isolations cannot be read', async () => {
        const rows = await db
          .selectFrom('isolation')
          .selectAll()
          .where((where) => where.or([where('until_ms', 'is', null), where('until_ms', '>', String(nowMs))]))
          .orderBy('place')
          .execute();
        return rows.map((row) => ({
          kind: row.kind as PlaceKind,
          place: row.place,
          reason: row.reason,
          source: row.source as IsolationSource,
          sinceMs: Number(row.since_ms),
          untilMs: row.until_ms === null ? null : Number(row.until_ms),
          workflowId: row.workflow_id,
        }));
      }),
    lift: (place) =>
      whileReachable('the isolation cannot be lifted', async () => {
        await db.deleteFrom('isolation').where('place', '=', place).execute();
      }),
  };
}
