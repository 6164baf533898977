import type { PlanStore, StoredPlan } from '../../src/activities/plan-port';
import type { FleetInstance } from '../../src/domain/fleet-plan/fleet-instance';
import type { Pool } from '../../src/domain/fleet-plan/fleet-snapshot';
import type { WeighedInstance } from '../../src/domain/fleet-plan/weigh-instance';

/** Plans in memory; what is stored goes through JSON, as in the database. */
export function memoryPlans(): PlanStore & { readonly plans: StoredPlan[] } {
  const facts = new Map<string, { atMs: number; text: string }>();
  const weighed = new Map<string, string>();
  const pools = new Map<string, string>();
  const plans: StoredPlan[] = [];
  const newestFirst = (fleet: string | null): StoredPlan[] => plans.filter((one) => fleet === null || one.fleet === fleet).toReversed();
  return {
    plans,
    saveFacts: async (tickId, shard, atMs, list) => void facts.set(`${tickId}#${shard}`, { atMs, text: JSON.stringify(list) }),
    readFacts: async (tickId, shard) => {
      const found = facts.get(`${tickId}#${shard}`);
      return found === undefined ? null : (JSON.parse(found.text) as FleetInstance[]);
    },
    saveWeighed: async (tickId, shard, list) => void weighed.set(`${tickId}#${shard}`, JSON.stringify(list)),
    savePools: async (tickId, _atMs, list) => void pools.set(tickId, JSON.stringify(list)),
    readPools: async (tickId) => {
      const found = pools.get(tickId);
      return found === undefined ? null : (JSON.parse(found) as Pool[]);
    },
    readWeighed: async (tickId) => [...weighed].filter(([key]) => key.startsWith(`${tickId}#`)).toSorted(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, text]) => JSON.parse(text) as WeighedInstance[]),
    savePlan: async (plan) => {
      if (!plans.some(({ planId }) => planId === plan.planId)) plans.push(JSON.parse(JSON.stringify(plan)) as StoredPlan);
    },
    readPlan: async (id) => plans.find(({ planId }) => planId === id) ?? null,
    latestPlan: async (fleet) => newestFirst(fleet)[0] ?? null,
    listPlans: async (fleet, limit) => newestFirst(fleet).slice(0, limit),
    trim: async ({ ticksMs: beforeMs }) => {
      for (const [key, { atMs }] of facts) if (atMs < beforeMs) weighed.delete(key);
    },
  };
}
