import { nullIfNotFound } from '../contracts/errors';
import { FLEET_TAG, MOVED_FROM_TAG, OWNER_TAG, POOL_TAG } from '../contracts/workflow-ids';
import type { FleetInstance, LastMove } from '../domain/fleet-plan/fleet-instance';
import type { OwnedCapacity } from '../domain/owned-capacity';
import { serviceOf } from '../domain/service-of';
import type { Shape } from '../domain/shape';
import type { BurstCredits } from '../domain/sizing/burst-credits';
import { slaClassOf } from '../domain/sla-class-of';
import type { TargetGroup } from './balancer-port';
import type { ComputePort, InstanceFacts } from './compute-port';
import type { DiskPort } from './disk-port';

/** Tags by which an operator tells the planner about an instance. */
const PINNED_TAG = 'foreshift:pinned';
const DEPENDS_TAG = 'foreshift:depends-on';

const BYTES_A_GIB = 2 ** 30;
/** EC2 takes no more ids in one call. */
const VOLUMES_AT_ONCE = 200;

/** What is known around instances: capacity of the account's own, and the load balancers' target groups, where those matter. */
export interface Surroundings {
  readonly owned: readonly OwnedCapacity[];
  readonly groups: readonly TargetGroup[];
  readonly credits: ReadonlyMap<string, BurstCredits>;
}

/** What EC2 knows of instances as the planner takes it; one whose shape has no known price is left out, for nothing can be weighed of it. */
export async function readFleetFacts(
  { compute, disks }: { readonly compute: Pick<ComputePort, 'shape'>; readonly disks: Pick<DiskPort, 'describeVolumes'> },
  found: readonly InstanceFacts[],
  surroundings: Surroundings,
): Promise<FleetInstance[]> {
  const sizes = await volumeBytes(disks, found.flatMap(({ volumes }) => volumes.map(({ volumeId }) => volumeId)));
  const shapes = new Map<string, Shape | null>();
  for (const { shape } of found) if (!shapes.has(shape)) shapes.set(shape, await compute.shape(shape).catch(nullIfNotFound));
  const groups = groupsByInstance(surroundings.groups);
  return found.flatMap((facts) => {
    const shape = shapes.get(facts.shape) ?? null;
    if (shape === null) return [];
    const stateBytes = facts.volumes.reduce((sum, { volumeId }) => sum + (sizes.get(volumeId) ?? 0), 0);
    return [factsOf(facts, { shape, stateBytes, poolId: poolIdOf(facts, surroundings.owned), groups: groups.get(facts.instanceId) ?? [], burst: surroundings.credits.get(facts.instanceId) ?? null })];
  });
}

/** The smallest thing that holds it: its host, its reservation, the group that an operator put it into, or its zone. */
export function poolIdOf({ hostId, reservationId, tags, zone }: InstanceFacts, owned: readonly OwnedCapacity[]): string {
  const reservation = owned.find(({ capacityId }) => capacityId === reservationId);
  return hostId ?? reservation?.capacityId ?? tags[POOL_TAG] ?? zone;
}

interface Membership {
  readonly group: string;
  readonly unhealthy: boolean;
}

function groupsByInstance(groups: readonly TargetGroup[]): Map<string, Membership[]> {
  const byInstance = new Map<string, Membership[]>();
  for (const { name, members } of groups) {
    for (const { instanceId, state } of members) byInstance.set(instanceId, [...(byInstance.get(instanceId) ?? []), { group: name, unhealthy: state === 'unhealthy' }]);
  }
  return byInstance;
}

function factsOf(
  { instanceId, tags, zone, launchedAtMs }: InstanceFacts,
  { shape, stateBytes, poolId, groups, burst }: Pick<FleetInstance, 'shape' | 'stateBytes' | 'poolId' | 'burst'> & { readonly groups: readonly Membership[] },
): FleetInstance {
  const named = (tags[DEPENDS_TAG] ?? '').split(',').map((name) => name.trim()).filter((name) => name !== '');
  return {
    instanceId,
    name: tags['Name'] ?? instanceId,
    fleet: tags[FLEET_TAG] ?? '',
    service: serviceOf(tags),
    slaClass: slaClassOf(tags),
    zone,
    poolId,
    shape,
    dependencies: [...named, ...groups.map(({ group }) => `target group ${group}`)],
    unhealthy: groups.some((membership) => membership.unhealthy),
    stateBytes,
    burst,
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

/** What volumes hold, by id. */
export async function volumeBytes(disks: Pick<DiskPort, 'describeVolumes'>, volumeIds: readonly string[]): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  for (let at = 0; at < volumeIds.length; at += VOLUMES_AT_ONCE) {
    for (const { volumeId, sizeGiB } of await disks.describeVolumes(volumeIds.slice(at, at + VOLUMES_AT_ONCE))) sizes.set(volumeId, sizeGiB * BYTES_A_GIB);
  }
  return sizes;
}
