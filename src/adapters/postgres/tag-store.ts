import type { WorkloadTagStore } from '../../activities/workload-tag-port';
import type { WorkloadTag } from '../../domain/workload-tags/workload-tag';
import type { Database } from './database';
import { whileReachable } from './while-reachable';

/** Tags in Postgres; see tag-schema.ts. */
export function createTagStore(db: Database): WorkloadTagStore {
  return {
    put: (tags) =>
      whileReachable('the tags cannot be written', async () => {
        for (const { resource, key, source, value, confidence, reason, atMs } of tags) {
          const row = { value, confidence, reason, at_ms: String(atMs) };
          await db.insertInto('workload_tag').values({ resource, key, source, ...row }).onConflict((conflict) => conflict.columns(['resource', 'key', 'source']).doUpdateSet(row)).execute();
        }
      }),
    remove: (resource, keys, source) =>
      whileReachable('the tags cannot be removed', async () => {
        const { numDeletedRows } = await db.deleteFrom('workload_tag').where('resource', '=', resource).where('key', 'in', [...keys]).where('source', '=', source).executeTakeFirst();
        return Number(numDeletedRows);
      }),
    list: (resource) =>
      whileReachable('the tags cannot be read', async () => {
        const all = db.selectFrom('workload_tag').selectAll();
        const rows = await (resource === undefined ? all : all.where('resource', '=', resource)).orderBy('resource').orderBy('key').orderBy('source').execute();
        return rows.map(({ at_ms, source, ...row }): WorkloadTag => ({ ...row, source: source as WorkloadTag['source'], atMs: Number(at_ms) }));
      }),
  };
}
