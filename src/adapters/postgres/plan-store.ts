import type { PlanStore, StoredPlan } from '../../activities/plan-port';
import type { FleetInstance } from '../../domain/fleet-plan/fleet-instance';
import type { Pool } from '../../domain/fleet-plan/fleet-snapshot';
import type { WeighedInstance } from '../../domain/fleet-plan/weigh-instance';
import type { Database } from './database';
import { whileReachable } from './while-reachable';

const CANNOT_READ = 'plans cannot be read';
const CANNOT_WRITE = 'plans cannot be written';

/** Ticks and plans in Postgres; see plan-schema.ts. */
export function createPlanStore(db: Database): PlanStore {
  return {
    saveFacts: (tickId, shard, atMs, facts) =>
      whileReachable(CANNOT_WRITE, async () => {
        const row = { at_ms: String(atMs), facts: JSON.stringify(facts), weighed: null };
        await db.insertInto('tick_shard').values({ tick_id: tickId, shard, ...row }).onConflict((conflict) => conflict.columns(['tick_id', 'shard']).doUpdateSet(row)).execute();
      }),
    readFacts: (tickId, shard) =>
      whileReachable(CANNOT_READ, async () => {
        const row = await db.selectFrom('tick_shard').select('facts').where('tick_id', '=', tickId).where('shard', '=', shard).executeTakeFirst();
        return row === undefined ? null : (JSON.parse(row.facts) as FleetInstance[]);
      }),
    saveWeighed: (tickId, shard, weighed) =>
      whileReachable(CANNOT_WRITE, async () => {
        await db.updateTable('tick_shard').set({ weighed: JSON.stringify(weighed) }).where('tick_id', '=', tickId).where('shard', '=', shard).execute();
      }),
    savePools: (tickId, atMs, pools) =>
      whileReachable(CANNOT_WRITE, async () => {
        const row = { at_ms: String(atMs), pools: JSON.stringify(pools) };
        await db.insertInto('tick_pools').values({ tick_id: tickId, ...row }).onConflict((conflict) => conflict.column('tick_id').doUpdateSet(row)).execute();
      }),
    readPools: (tickId) =>
      whileReachable(CANNOT_READ, async () => {
        const row = await db.selectFrom('tick_pools').select('pools').where('tick_id', '=', tickId).executeTakeFirst();
        return row === undefined ? null : (JSON.parse(row.pools) as Pool[]);
      }),
    readWeighed: (tickId) =>
      whileReachable(CANNOT_READ, async () => {
        const rows = await db.selectFrom('tick_shard').select('weighed').where('tick_id', '=', tickId).orderBy('shard').execute();
        return rows.flatMap(({ weighed }) => (weighed === null ? [] : (JSON.parse(weighed) as WeighedInstance[])));
      }),
    savePlan: (plan) =>
      whileReachable(CANNOT_WRITE, async () => {
        const { planId, fleet, atMs, planHash } = plan;
        await db
          .insertInto('fleet_plan')
          .values({ id: planId, fleet, at_ms: String(atMs), hash: planHash, moves: plan.plan.moves.length, body: JSON.stringify(plan) })
          .onConflict((conflict) => conflict.column('id').doNothing())
          .execute();
      }),
    readPlan: (planId) =>
      whileReachable(CANNOT_READ, async () => {
        const row = await db.selectFrom('fleet_plan').select('body').where('id', '=', planId).executeTakeFirst();
        return row === undefined ? null : planOf(row);
      }),
    latestPlan: (fleet) =>
      whileReachable(CANNOT_READ, async () => {
        const row = await db.selectFrom('fleet_plan').select('body').where('fleet', '=', fleet).orderBy('at_ms', 'desc').limit(1).executeTakeFirst();
        return row === undefined ? null : planOf(row);
      }),
    listPlans: (fleet, limit) =>
      whileReachable(CANNOT_READ, async () => {
        const all = db.selectFrom('fleet_plan').select('body').orderBy('at_ms', 'desc').limit(limit);
        const rows = await (fleet === null ? all : all.where('fleet', '=', fleet)).execute();
        return rows.map(planOf);
      }),
    trim: ({ ticksMs, emptyPlansMs, plansMs }) =>
      whileReachable(CANNOT_WRITE, async () => {
        for (const table of ['tick_shard', 'tick_pools'] as const) await db.deleteFrom(table).where('at_ms', '<', String(ticksMs)).execute();
        await db.deleteFrom('fleet_plan').where('at_ms', '<', String(plansMs)).execute();
        await db.deleteFrom('fleet_plan').where('at_ms', '<', String(emptyPlansMs)).where('moves', '=', 0).execute();
      }),
  };
}

function planOf({ body }: { readonly body: string }): StoredPlan {
  return JSON.parse(body) as StoredPlan;
}
