import { paginateDescribeCapacityReservations, paginateDescribeHosts } from '@aws-sdk/client-ec2';
import type { CapacityReservation, EC2Client, Host } from '@aws-sdk/client-ec2';
import type { OwnedCapacityPort } from '../../activities/owned-capacity-port';
import { nullIfNotFound } from '../../contracts/errors';
import { FLEET_TAG, OWNER_TAG } from '../../contracts/workflow-ids';
import type { OwnedCapacity } from '../../domain/owned-capacity';
import { tagRecord } from './ownership';
import type { ShapeCatalogue } from './shape-catalogue';
import { callAws } from './translate-error';

/** Dedicated hosts and targeted or open capacity reservations through the AWS SDK. */
export function createOwnedCapacity(ec2: EC2Client, catalogue: ShapeCatalogue): OwnedCapacityPort {
  return {
    async list() {
      const [hosts, reservations] = await Promise.all([readHosts(ec2), readReservations(ec2)]);
      const found = await Promise.all(reservations.map((reservation) => reservedCapacity(reservation, catalogue)));
      return [...hosts.map(hostCapacity), ...found.flat()];
    },
  };
}

function readHosts(ec2: EC2Client): Promise<Host[]> {
  return callAws('list dedicated hosts', async () => {
    const hosts: Host[] = [];
    for await (const page of paginateDescribeHosts({ client: ec2 }, { Filter: [{ Name: 'state', Values: ['available'] }] })) hosts.push(...(page.Hosts ?? []));
    return hosts;
  });
}

function readReservations(ec2: EC2Client): Promise<CapacityReservation[]> {
  return callAws('list capacity reservations', async () => {
    const found: CapacityReservation[] = [];
    for await (const page of paginateDescribeCapacityReservations({ client: ec2 }, { Filters: [{ Name: 'state', Values: ['active'] }] })) found.push(...(page.CapacityReservations ?? []));
    // What a migration reserved is its own, and gone with it.
    return found.filter(({ Tags }) => tagRecord(Tags)[OWNER_TAG] === undefined);
  });
}

function hostCapacity({ HostId, AvailabilityZone, Tags, HostProperties, AvailableCapacity }: Host): OwnedCapacity {
  return {
    kind: 'host',
    capacityId: HostId ?? '',
    zone: AvailabilityZone ?? '',
    fleet: tagRecord(Tags)[FLEET_TAG] ?? null,
    totalVcpus: HostProperties?.TotalVCpus ?? 0,
    freeVcpus: AvailableCapacity?.AvailableVCpus ?? 0,
    shapes: (AvailableCapacity?.AvailableInstanceCapacity ?? []).flatMap(({ InstanceType }) => InstanceType ?? []),
  };
}

/** Nothing of a type that the catalogue has no price for: it could not be weighed. */
async function reservedCapacity({ CapacityReservationId, AvailabilityZone, InstanceType, Tags, TotalInstanceCount, AvailableInstanceCount }: CapacityReservation, catalogue: ShapeCatalogue): Promise<OwnedCapacity[]> {
  const shape = await catalogue.shape(InstanceType ?? '').catch(nullIfNotFound);
  if (shape === null) return [];
  const tags = tagRecord(Tags);
  return [
    {
      kind: 'reservation',
      capacityId: CapacityReservationId ?? '',
      zone: AvailabilityZone ?? '',
      fleet: tags[FLEET_TAG] ?? null,
      totalVcpus: (TotalInstanceCount ?? 0) * shape.vcpus,
      freeVcpus: (AvailableInstanceCount ?? 0) * shape.vcpus,
      shapes: [shape.name],
    },
  ];
}
