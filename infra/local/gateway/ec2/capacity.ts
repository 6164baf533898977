import type { CapacityReservationSpecification } from '@aws-sdk/client-ec2';
import { AwsError } from '../operation';
import type { Cloud } from './cloud';
import type { InstanceRecord, ReservationRecord } from './records';

/** What an instance asks of the capacity of its zone. */
export interface CapacityWish {
  readonly zone: string;
  readonly shape: string;
  readonly preference: 'capacity-reservations-only' | 'open' | 'none';
  readonly targetId: string | undefined;
  /** Dedicated hosts have room of their own, which is no part of the pool. */
  readonly onHost: boolean;
  /** Spot capacity is a pool of its own. */
  readonly spot: boolean;
}

/** Where a unit of capacity comes from: a capacity reservation, or the pool itself when undefined. */
export type CapacitySource = ReservationRecord | undefined;

/** Reads the capacity wish of a launch. */
export function readCapacityWish(
  zone: string,
  shape: string,
  specification: CapacityReservationSpecification | undefined,
  { onHost = false, spot = false }: Partial<Pick<CapacityWish, 'onHost' | 'spot'>> = {},
): CapacityWish {
  const target = specification?.CapacityReservationTarget;
  if (target?.CapacityReservationResourceGroupArn !== undefined) {
    throw new AwsError('InvalidParameterValue', 'CapacityReservationResourceGroupArn is not supported in the local cloud');
  }
  const targetId = target?.CapacityReservationId;
  const preference = specification?.CapacityReservationPreference;
  if (targetId !== undefined && preference !== undefined && preference !== 'capacity-reservations-only') {
    const message = 'CapacityReservationPreference and CapacityReservationTarget cannot be specified together';
    throw new AwsError('InvalidParameterCombination', message);
  }
  return { zone, shape, targetId, preference: preference ?? 'open', onHost, spot };
}

/** Free units of a pool: running and pending instances and live reservations use it, instances inside a reservation do not. */
export function freeInPool(cloud: Cloud, zone: string, shape: string): number {
  if (cloud.darkZones.has(zone)) return 0;
  const capacity = cloud.pools.get(`${zone}/${shape}`);
  if (capacity === undefined) return Infinity;
  const loose = [...cloud.instances.values()].filter(
    (instance) => instance.zone === zone && instance.shape === shape && consumes(instance) && !instance.spot && instance.usedReservationId === undefined && instance.placement?.HostId === undefined,
  );
  const reserved = [...cloud.reservations.values()]
    .filter((reservation) => reservation.zone === zone && reservation.shape === shape && isLive(reservation))
    .reduce((sum, reservation) => sum + reservation.total, 0);
  return capacity - loose.length - reserved;
}

/** Free units of a zone's spot capacity, which is counted by itself. */
export function freeSpot(cloud: Cloud, zone: string, shape: string): number {
  if (cloud.darkZones.has(zone)) return 0;
  const taken = [...cloud.instances.values()].filter((instance) => instance.zone === zone && instance.shape === shape && instance.spot && consumes(instance)).length;
  return (cloud.pools.get(`${zone}/${shape}/spot`) ?? Infinity) - taken;
}

/** Units of a reservation that no instance uses. */
export function freeInReservation(cloud: Cloud, reservation: ReservationRecord): number {
  return reservation.total - usersOf(cloud, reservation).length;
}

/** The instances that run on a reservation's capacity. */
export function usersOf(cloud: Cloud, reservation: ReservationRecord): readonly InstanceRecord[] {
  return [...cloud.instances.values()].filter((instance) => instance.usedReservationId === reservation.id && consumes(instance));
}

/** Finds between `min` and `max` units for a wish, as many as there are, or refuses as EC2 does. */
export function findCapacity(cloud: Cloud, wish: CapacityWish, min: number, max: number): readonly CapacitySource[] {
  if (cloud.darkZones.has(wish.zone)) throw insufficientCapacity(wish.zone, wish.shape);
  if (wish.onHost) return Array.from({ length: max }, () => undefined);
  if (wish.targetId !== undefined) return findTargeted(cloud, wish, wish.targetId, min, max);
  if (wish.spot) {
    const free = Math.min(max, freeSpot(cloud, wish.zone, wish.shape));
    if (free < min) throw insufficientCapacity(wish.zone, wish.shape);
    return Array.from({ length: free }, () => undefined);
  }
  const sources: CapacitySource[] = [];
  if (wish.preference !== 'none') {
    for (const reservation of cloud.reservations.values()) {
      if (reservation.matchCriteria !== 'open' || !matches(reservation, wish) || reservation.state !== 'active') continue;
      const units = Math.min(freeInReservation(cloud, reservation), max - sources.length);
      for (let unit = 0; unit < units; unit += 1) sources.push(reservation);
    }
  }
  if (wish.preference !== 'capacity-reservations-only') {
    const units = Math.min(freeInPool(cloud, wish.zone, wish.shape), max - sources.length);
    for (let unit = 0; unit < units; unit += 1) sources.push(undefined);
  }
  if (sources.length < min) throw insufficientCapacity(wish.zone, wish.shape);
  return sources;
}

/** The error of an exhausted pool. EC2 documents it as a server error, so that SDKs retry it. */
export function insufficientCapacity(zone: string, shape: string): AwsError {
  const message = `We currently do not have sufficient ${shape} capacity in the Availability Zone you requested (${zone}).`;
  return new AwsError('InsufficientInstanceCapacity', message, 500);
}

function findTargeted(cloud: Cloud, wish: CapacityWish, targetId: string, min: number, max: number): readonly CapacitySource[] {
  const reservation = cloud.reservation(targetId);
  if (reservation.state !== 'active') {
    throw new AwsError('InvalidCapacityReservationState', `The Capacity Reservation '${targetId}' is ${reservation.state}, not active`);
  }
  if (!matches(reservation, wish)) {
    const has = `${reservation.shape} in ${reservation.zone}`;
    const message = `The Capacity Reservation '${targetId}' (${has}) does not match the instance (${wish.shape} in ${wish.zone})`;
    throw new AwsError('InvalidParameterValue', message);
  }
  const free = freeInReservation(cloud, reservation);
  if (free < min) {
    const message = `The requested number of instances exceeds the available capacity (${free}) of the Capacity Reservation '${targetId}'`;
    throw new AwsError('ReservationCapacityExceeded', message);
  }
  return Array.from({ length: Math.min(free, max) }, () => reservation);
}

function matches(reservation: ReservationRecord, wish: CapacityWish): boolean {
  return reservation.zone === wish.zone && reservation.shape === wish.shape && reservation.platform === 'Linux/UNIX';
}

function isLive(reservation: ReservationRecord): boolean {
  return reservation.state === 'active' || reservation.state === 'pending';
}

function consumes(instance: InstanceRecord): boolean {
  return instance.state === 'pending' || instance.state === 'running';
}
