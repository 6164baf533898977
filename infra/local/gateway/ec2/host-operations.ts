import type { AllocateHostsRequest, AllocateHostsResult, DescribeHostsRequest, DescribeHostsResult, Host, ReleaseHostsRequest, ReleaseHostsResult, _InstanceType } from '@aws-sdk/client-ec2';
import { AwsError, type OperationHandler } from '../operation';
import type { Cloud } from './cloud';
import { applyFilters, type FilterFields } from './filters';
import { freeVcpus, instancesOn } from './hosts';
import { ID_ERRORS, newId } from './ids';
import { owned } from './owned';
import { pageOf } from './paging';
import type { HostRecord } from './records';
import { tagList, tagsFor } from './tags';

/** Dedicated hosts: one of a family takes all its types, one of a type that type alone; each holds as many vCPUs as the family's largest type. */
export function hostOperations(cloud: Cloud): Record<string, OperationHandler> {
  return {
    AllocateHosts: owned(async (input: AllocateHostsRequest): Promise<AllocateHostsResult> => {
      const hosts = await cloud.tokens.once('AllocateHosts', input, () => allocate(cloud, input));
      return { HostIds: hosts.map(({ id }) => id) };
    }),

    DescribeHosts: owned((input: DescribeHostsRequest): DescribeHostsResult => {
      const found = applyFilters(cloud.visible(cloud.hosts, input.HostIds, ID_ERRORS.host), input.Filter, FIELDS);
      const { items, nextToken } = pageOf(found, input);
      return { Hosts: items.map((host) => hostView(cloud, host)), NextToken: nextToken };
    }),

    ReleaseHosts: owned((input: ReleaseHostsRequest): ReleaseHostsResult => {
      const hosts = (input.HostIds ?? []).map((id) => cloud.host(id));
      const isFree = (host: HostRecord): boolean => instancesOn(cloud, host).length === 0;
      for (const host of hosts) if (isFree(host)) host.state = 'released';
      return {
        Successful: hosts.filter(isFree).map(({ id }) => id),
        Unsuccessful: hosts.filter((host) => !isFree(host)).map(({ id }) => ({ ResourceId: id, Error: { Code: 'Client.InvalidHost.Occupied', Message: `The host '${id}' is occupied` } })),
      };
    }),
  };
}

const FIELDS: FilterFields<HostRecord> = {
  'availability-zone': (host) => host.zone,
  'instance-type': (host) => host.shape,
  state: (host) => host.state,
};

async function allocate(cloud: Cloud, input: AllocateHostsRequest): Promise<readonly HostRecord[]> {
  const { AvailabilityZone: zone, InstanceType: shape, Quantity: count = 1 } = input;
  const family = input.InstanceFamily ?? shape?.split('.')[0];
  if (family === undefined) throw new AwsError('MissingParameter', 'The request must contain the parameter InstanceType or InstanceFamily');
  const subnets = await cloud.deps.catalogue.subnets();
  if (zone === undefined || !subnets.some((subnet) => subnet.zone === zone)) throw new AwsError('InvalidParameterValue', `Invalid availability zone: [${zone ?? ''}]`);
  const all = await cloud.deps.catalogue.family(family);
  const shapes = new Map([...all].filter(([name]) => shape === undefined || name === shape));
  if (shapes.size === 0) throw new AwsError('InvalidParameterValue', `Invalid value '${shape ?? family}' for InstanceType.`);
  return Array.from({ length: count }, () => {
    const host: HostRecord = {
      id: newId('h'),
      seq: cloud.nextSeq(),
      createdAtMs: Date.now(),
      tags: tagsFor('dedicated-host', input.TagSpecifications),
      zone,
      family,
      shape,
      shapes,
      totalVcpus: Math.max(...all.values()),
      state: 'available',
    };
    cloud.hosts.set(host.id, host);
    return host;
  });
}

function hostView(cloud: Cloud, host: HostRecord): Host {
  const free = freeVcpus(cloud, host);
  return {
    HostId: host.id,
    AvailabilityZone: host.zone,
    State: host.state,
    AutoPlacement: 'off',
    HostProperties: { InstanceFamily: host.shape === undefined ? host.family : undefined, InstanceType: host.shape, TotalVCpus: host.totalVcpus },
    AvailableCapacity: {
      AvailableVCpus: free,
      AvailableInstanceCapacity: [...host.shapes].map(([name, vcpus]) => ({ InstanceType: name, AvailableCapacity: Math.floor(free / vcpus), TotalCapacity: Math.floor(host.totalVcpus / vcpus) })),
    },
    Instances: instancesOn(cloud, host).map(({ id, shape }) => ({ InstanceId: id, InstanceType: shape as _InstanceType, OwnerId: cloud.deps.accountId })),
    AllocationTime: new Date(host.createdAtMs),
    OwnerId: cloud.deps.accountId,
    Tags: tagList(host.tags),
  };
}
