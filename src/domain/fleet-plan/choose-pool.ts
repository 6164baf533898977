import type { Shape } from '../shape';
import type { Pool } from './fleet-snapshot';
import type { FleetPlanPolicy } from './plan-policy';
import type { PoolLoads } from './pool-load';
import type { WeighedInstance } from './weigh-instance';

export type PoolChoice = { readonly pool: Pool; readonly reason: string } | { readonly pool: null; readonly reason: string };

export interface PoolWish {
  readonly instance: WeighedInstance;
  readonly shape: Shape;
  /** The instance has to leave the pool that it is in. */
  readonly leave: boolean;
  readonly nowMs: number;
}

/**
 * Where an instance shall go: of the pools that offer the shape, are open, keep room at the forecast's upper quantile and hold no other member of its service, the
 * tightest fit; its own pool first where it may stay, since a move within one changes least. A pool without a known bound comes after
 * those with one. Every refusal has its reason.
 */
export function choosePool({ instance, shape, leave, nowMs }: PoolWish, loads: PoolLoads, policy: FleetPlanPolicy): PoolChoice {
  const wish = { instance, shape, leave, nowMs };
  let best: Pool | undefined;
  for (const pool of loads.pools) {
    if (refusalOf(pool, wish, loads, policy) !== null) continue;
    if (best === undefined || byFit(pool, best, instance, loads) < 0) best = pool;
  }
  if (best === undefined) return { pool: null, reason: `no pool takes ${shape.name}: ${refusalsOf(wish, loads, policy) || 'there is none'}` };
  const room = loads.headroomOf(best);
  const fit = Number.isFinite(room) ? `${room.toFixed(1)} vCPUs free at the ${policy.poolQuantile} quantile` : 'no known bound';
  return { pool: best, reason: best.poolId === instance.poolId ? `stays in ${best.poolId}` : `${best.poolId} takes it: ${fit}` };
}

/** In words, of all pools; only told where none takes it. */
function refusalsOf(wish: PoolWish, loads: PoolLoads, policy: FleetPlanPolicy): string {
  return loads.pools.map((pool) => `${pool.poolId}: ${refusalOf(pool, wish, loads, policy)?.() ?? ''}`).join('; ');
}

/** Null where a pool takes it. Hundreds of pools are asked for each of thousands of instances: the sentence is made when it is wanted. */
function refusalOf(pool: Pool, { instance, shape, leave, nowMs }: PoolWish, loads: PoolLoads, policy: FleetPlanPolicy): (() => string) | null {
  const own = pool.poolId === instance.poolId;
  if (own && leave) return () => 'it has to leave';
  if (pool.isolated !== null) return () => `isolated: ${pool.isolated}`;
  if (!pool.offeredShapes.includes(shape.name)) return () => `does not offer ${shape.name}`;
  if (loads.freeOf(pool) < shape.vcpus) return () => `${Math.max(0, loads.freeOf(pool))} of its vCPUs are not taken, ${shape.name} takes ${shape.vcpus}`;
  if (own) return null;
  // Licences or rules want it on hardware of its own.
  const hosted = loads.kindOf(instance.poolId) === 'host';
  if (hosted && pool.kind !== 'host') return () => 'it is shared hardware, and this runs on a dedicated host';
  if (!hosted && pool.kind === 'host') return () => 'it is a dedicated host, and this runs on shared hardware';
  if (pool.kind === 'group') return () => 'it takes its own members alone';
  if (pool.fleet !== null && pool.fleet !== instance.fleet) return () => `it is there for fleet ${pool.fleet}`;
  const { lastMove } = instance;
  if (lastMove !== null && lastMove.fromPoolId === pool.poolId && nowMs - lastMove.endedAtMs < policy.noReturnMs) return () => 'it came from there lately';
  if (loads.headroomOf(pool) < instance.demandVcpus) return () => `${Math.max(0, loads.headroomOf(pool)).toFixed(1)} vCPUs free, ${instance.demandVcpus.toFixed(1)} needed`;
  // Zones are shared by many members of a service; on one host they would fall together.
  if (pool.kind === 'host' && loads.membersOf(pool.poolId, instance.service) > 0) return () => `another instance of ${instance.service} is there`;
  return null;
}

/** Its own pool first, then fewer of its service, then its own zone, then the least room, then the name. */
function byFit(a: Pool, b: Pool, { service, zone, poolId }: WeighedInstance, loads: PoolLoads): number {
  return (
    Number(b.poolId === poolId) - Number(a.poolId === poolId) ||
    loads.membersOf(a.poolId, service) - loads.membersOf(b.poolId, service) ||
    Number(b.zone === zone) - Number(a.zone === zone) ||
    rank(loads.headroomOf(a)) - rank(loads.headroomOf(b)) ||
    (a.poolId < b.poolId ? -1 : 1)
  );
}

/** Infinity minus Infinity is no number. */
function rank(room: number): number {
  return Number.isFinite(room) ? room : Number.MAX_VALUE;
}
