import { LENIENCY } from './rank-moves';
import type { Pool } from './fleet-snapshot';
import type { FleetPlanPolicy } from './plan-policy';
import type { PoolLoads } from './pool-load';
import type { WeighedInstance } from './weigh-instance';

/** Members that have to leave a pool, and why. */
export interface Offload {
  readonly pool: Pool;
  readonly members: readonly WeighedInstance[];
  readonly reason: string;
}

/**
 * Whom a pool gives up: everybody where it is isolated; where its members' demand passes what it may be used to, the relaxed before the critical and among equals those with
 * fewer dependencies and the larger demand, until the rest fits.
 */
export function chooseOffloads(loads: PoolLoads, instances: readonly WeighedInstance[], policy: FleetPlanPolicy): Offload[] {
  const byPool = new Map<string, WeighedInstance[]>(loads.pools.map(({ poolId }) => [poolId, []]));
  for (const instance of instances) byPool.get(instance.poolId)?.push(instance);
  return loads.pools.flatMap((pool) => {
    const members = byPool.get(pool.poolId) ?? [];
    if (pool.isolated !== null) return members.length === 0 ? [] : [{ pool, members, reason: `${pool.poolId} is isolated: ${pool.isolated}` }];
    const excess = -loads.headroomOf(pool);
    if (!(excess > 0)) return [];
    const chosen = fewest(members, excess);
    const asked = `${loads.demandOf(pool.poolId).toFixed(1)} vCPUs at the ${policy.poolQuantile} quantile of ${pool.capacityVcpus}`;
    return [{ pool, members: chosen, reason: `${pool.poolId} is predicted to run out: ${asked}` }];
  });
}

function fewest(members: readonly WeighedInstance[], excess: number): WeighedInstance[] {
  const ranked = members
    .filter(({ pinned, migrating }) => pinned === null && !migrating)
    .toSorted(
      (a, b) =>
        LENIENCY[a.slaClass] - LENIENCY[b.slaClass] ||
        a.dependencies.length - b.dependencies.length ||
        b.demandVcpus - a.demandVcpus ||
        (a.instanceId < b.instanceId ? -1 : 1),
    );
  const chosen: WeighedInstance[] = [];
  let left = excess;
  for (const instance of ranked) {
    if (left <= 0) break;
    chosen.push(instance);
    left -= instance.demandVcpus;
  }
  return chosen;
}
