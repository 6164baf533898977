import { MOVED_FROM_TAG, OWNER_TAG, POOL_TAG } from '../contracts/workflow-ids';
import type { FleetInstance, LastMove } from '../domain/fleet-plan/fleet-instance';
import type { Pool } from '../domain/fleet-plan/fleet-snapshot';
import type { Isolation } from '../domain/isolation';
import { serviceOf } from '../domain/service-of';
import type { Shape } from '../domain/shape';
import { slaClassOf } from '../domain/sla-class-of';
import type { ComputePort, InstanceFacts } from './compute-port';
import type { DiskPort } from './disk-port';

/** Tags by which an operator tells the planner about an instance. */
const PINNED_TAG = 'foreshift:pinned';
const DEPENDS_TAG = 'foreshift:depends-on';

const BYTES_A_GIB = 2 ** 30;
/** EC2 takes no more ids in one call. */
const VOLUMES_AT_ONCE = 200;

/** What EC2 knows of instances as the planner takes it; one whose shape has no known price is left out, for nothing can be weighed of it. */
export async function readFleetFacts(
  { compute, disks }: { readonly compute: Pick<ComputePort, 'shape'>; readonly disks: Pick<DiskPort, 'describeVolumes'> },
  found: readonly InstanceFacts[],
): Promise<FleetInstance[]> {
  const sizes = await volumeBytes(disks, found.flatMap(({ volumes }) => volumes.map(({ volumeId }) => volumeId)));
  const shapes = new Map<string, Shape | null>();
  for (const { shape } of found) if (!shapes.has(shape)) shapes.set(shape, await compute.shape(shape).catch(nullWhereUnknown));
  return found.flatMap((facts) => {
    const shape = shapes.get(facts.shape) ?? null;
    return shape === null ? [] : [factsOf(facts, shape, facts.volumes.reduce((sum, { volumeId }) => sum + (sizes.get(volumeId) ?? 0), 0))];
  });
}

function factsOf({ instanceId, tags, zone, hostId, launchedAtMs }: InstanceFacts, shape: Shape, stateBytes: number): FleetInstance {
  return {
    instanceId,
    name: tags['Name'] ?? instanceId,
    service: serviceOf(tags),
    slaClass: slaClassOf(tags),
    zone,
    poolId: hostId ?? tags[POOL_TAG] ?? zone,
    shape,
    dependencies: (tags[DEPENDS_TAG] ?? '').split(',').map((name) => name.trim()).filter((name) => name !== ''),
    stateBytes,
    // Credits need a metric of their own (CPUCreditBalance), which is not collected yet.
    burst: null,
    lastMove: lastMoveOf(tags, launchedAtMs),
    migrating: tags[OWNER_TAG] !== undefined,
    pinned: tags[PINNED_TAG] === undefined ? null : `tag ${PINNED_TAG}=${tags[PINNED_TAG]}`,
  };
}

/** A replacement's move was over soon after its launch. */
function lastMoveOf(tags: InstanceFacts['tags'], launchedAtMs: number): LastMove | null {
  const [fromPoolId, fromShape] = (tags[MOVED_FROM_TAG] ?? '').split(' ');
  return fromPoolId === undefined || fromShape === undefined ? null : { endedAtMs: launchedAtMs, fromPoolId, fromShape };
}

async function volumeBytes(disks: Pick<DiskPort, 'describeVolumes'>, volumeIds: readonly string[]): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  for (let at = 0; at < volumeIds.length; at += VOLUMES_AT_ONCE) {
    for (const { volumeId, sizeGiB } of await disks.describeVolumes(volumeIds.slice(at, at + VOLUMES_AT_ONCE))) sizes.set(volumeId, sizeGiB * BYTES_A_GIB);
  }
  return sizes;
}

function nullWhereUnknown(error: unknown): null {
  if ((error as { type?: string }).type === 'NotFound') return null;
  throw error;
}

/** The zones that instances could go to, and the hosts and tagged pools that they are in, which a migration cannot choose as a target. */
export async function readPools(compute: Pick<ComputePort, 'zones'>, found: readonly InstanceFacts[], isolations: readonly Isolation[]): Promise<Pool[]> {
  const isolated = new Map(isolations.map(({ place, reason }) => [place, reason]));
  const pools = new Map<string, Pool>();
  const add = (poolId: string, kind: Pool['kind'], zone: string, offeredShapes: readonly string[]): void => {
    if (!pools.has(poolId)) pools.set(poolId, { poolId, kind, zone, capacityVcpus: null, offeredShapes, isolated: isolated.get(poolId) ?? null });
  };
  for (const vpcId of new Set(found.map((one) => one.vpcId))) for (const { zone, offeredShapes } of await compute.zones(vpcId)) add(zone, 'zone', zone, offeredShapes);
  for (const { hostId, tags, zone } of found) {
    if (hostId !== null) add(hostId, 'host', zone, []);
    else if (tags[POOL_TAG] !== undefined) add(tags[POOL_TAG], 'reservation', zone, pools.get(zone)?.offeredShapes ?? []);
    add(zone, 'zone', zone, []);
  }
  return [...pools.values()].toSorted((a, b) => (a.poolId < b.poolId ? -1 : 1));
}
