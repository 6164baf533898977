import { z } from 'zod';
import type { Cloud } from '../ec2/cloud';
import { pageOf } from '../ec2/paging';
import type { InstanceRecord } from '../ec2/records';
import { AwsError, type OperationHandler } from '../operation';
import { parse } from './parse';

const values = z.array(z.string()).min(1);
const description = z.object({
  Filters: z.array(z.object({ Key: z.string(), Values: values })).default([]),
  InstanceInformationFilterList: z.array(z.object({ key: z.string(), valueSet: values })).default([]),
  MaxResults: z.number().int().min(5).max(50).optional(),
  NextToken: z.string().optional(),
});

/** Whether commands are taken for it: it runs, and its management agent has had the time to come up. */
export function isManaged(cloud: Cloud, instanceId: string): boolean {
  const instance = cloud.instances.get(instanceId);
  return instance?.state === 'running' && Date.now() >= (instance.runningSinceMs ?? Infinity) + cloud.deps.delays.managedAfterRunningMs;
}

/** `DescribeInstanceInformation`: an instance that is stopped or without power has lost its connection, a terminated one is gone. */
export function managedInstances(cloud: Cloud): Record<string, OperationHandler> {
  return {
    DescribeInstanceInformation: (call) => {
      const request = parse(description, call);
      const filters = [...request.Filters, ...request.InstanceInformationFilterList.map(({ key, valueSet }) => ({ Key: key, Values: valueSet }))];
      const known = [...cloud.instances.values()].filter(({ id, state }) => isManaged(cloud, id) || state === 'stopping' || state === 'stopped');
      const passed = known.filter((instance) => filters.every(({ Key, Values }) => Values.includes(fieldOf(cloud, instance, Key) ?? '')));
      const { items, nextToken } = pageOf(passed, request);
      return { InstanceInformationList: items.map((instance) => informationOf(cloud, instance)), NextToken: nextToken };
    },
  };
}

function fieldOf(cloud: Cloud, instance: InstanceRecord, key: string): string | undefined {
  if (key === 'InstanceIds') return instance.id;
  if (key === 'PingStatus') return pingOf(cloud, instance);
  if (key === 'PlatformTypes') return 'Linux';
  if (key === 'ResourceType') return 'EC2Instance';
  if (key.startsWith('tag:')) return instance.tags.get(key.slice('tag:'.length));
  throw new AwsError('InvalidInstanceInformationFilterValue', `The filter ${key} is not supported in the local cloud`);
}

function pingOf(cloud: Cloud, { id }: InstanceRecord): 'Online' | 'ConnectionLost' {
  return isManaged(cloud, id) && cloud.deps.runner.isUp(id) ? 'Online' : 'ConnectionLost';
}

function informationOf(cloud: Cloud, instance: InstanceRecord): Record<string, unknown> {
  return {
    InstanceId: instance.id,
    PingStatus: pingOf(cloud, instance),
    LastPingDateTime: new Date(),
    AgentVersion: '3.3.0.0',
    IsLatestVersion: true,
    PlatformType: 'Linux',
    PlatformName: 'Amazon Linux',
    PlatformVersion: '2023',
    ResourceType: 'EC2Instance',
    IPAddress: instance.address,
    ComputerName: `ip-${instance.address.replaceAll('.', '-')}.ec2.internal`,
  };
}
