import { POOL_TAG } from '../contracts/workflow-ids';
import type { Pool } from '../domain/fleet-plan/fleet-snapshot';
import type { Isolation } from '../domain/isolation';
import type { OwnedCapacity } from '../domain/owned-capacity';
import type { ComputePort, InstanceFacts } from './compute-port';

const UNBOUNDED = { fleet: null, capacityVcpus: null, freeVcpus: null, isolated: null } as const;

/**
 * Where instances are and could go: the zones of their networks, the account's hosts and reservations, and the groups that operators made. A host or reservation is a
 * target only for the fleet that its tag names.
 */
export async function readPools(compute: Pick<ComputePort, 'zones'>, found: readonly InstanceFacts[], owned: readonly OwnedCapacity[]): Promise<Pool[]> {
  const pools = new Map<string, Pool>();
  const add = (pool: Pool): void => {
    if (!pools.has(pool.poolId)) pools.set(pool.poolId, pool);
  };
  for (const vpcId of new Set(found.map((one) => one.vpcId))) {
    for (const { zone, offeredShapes } of await compute.zones(vpcId)) add({ ...UNBOUNDED, poolId: zone, kind: 'zone', zone, offeredShapes });
  }
  for (const capacity of owned) add(poolOf(capacity));
  for (const { hostId, tags, zone } of found) {
    add({ ...UNBOUNDED, poolId: zone, kind: 'zone', zone, offeredShapes: [] });
    // A host that is not available any more is not listed, and no target; its instances are still on it.
    if (hostId !== null) add({ ...UNBOUNDED, poolId: hostId, kind: 'host', zone, offeredShapes: [] });
    const group = tags[POOL_TAG];
    if (group !== undefined) add({ ...UNBOUNDED, poolId: group, kind: 'group', zone, offeredShapes: pools.get(zone)?.offeredShapes ?? [] });
  }
  return [...pools.values()].toSorted((a, b) => (a.poolId < b.poolId ? -1 : 1));
}

function poolOf({ kind, capacityId, zone, fleet, totalVcpus, freeVcpus, shapes }: OwnedCapacity): Pool {
  return { poolId: capacityId, kind, zone, fleet, capacityVcpus: totalVcpus, freeVcpus, offeredShapes: fleet === null ? [] : shapes, isolated: null };
}

/** Pools with what is isolated now: a place by its own name, and a host or reservation with its zone. */
export function withIsolations(pools: readonly Pool[], isolations: readonly Isolation[]): Pool[] {
  const reasons = new Map(isolations.map(({ place, reason }) => [place, reason]));
  return pools.map((pool) => ({ ...pool, isolated: reasons.get(pool.poolId) ?? reasons.get(pool.zone) ?? null }));
}
