import { AwsError } from '../operation';
import type { Cloud } from './cloud';
import type { HostRecord, InstanceRecord } from './records';

/** vCPUs of a dedicated host that no instance has. */
export function freeVcpus(cloud: Cloud, host: HostRecord): number {
  return host.totalVcpus - instancesOn(cloud, host).reduce((sum, { shape }) => sum + vcpusOf(host, shape), 0);
}

/** Instances that take room on a host: a stopped one has given its up. */
export function instancesOn(cloud: Cloud, host: HostRecord): InstanceRecord[] {
  return [...cloud.instances.values()].filter(({ placement, state }) => placement?.HostId === host.id && (state === 'pending' || state === 'running'));
}

/** Refuses, as EC2 does, what a host does not take or has no room for. */
export function checkHost(cloud: Cloud, hostId: string, wanted: { readonly zone: string; readonly shape: string; readonly tenancy: string | undefined; readonly count: number }): void {
  const host = cloud.host(hostId);
  if (wanted.tenancy !== 'host') throw new AwsError('InvalidParameterCombination', 'HostId needs the tenancy "host"');
  if (host.state !== 'available') throw new AwsError('InvalidHostState', `The host '${hostId}' is ${host.state}`);
  if (host.zone !== wanted.zone) throw new AwsError('InvalidParameterValue', `The host '${hostId}' is in ${host.zone}, not in ${wanted.zone}`);
  if (!host.shapes.has(wanted.shape)) throw new AwsError('InvalidHostConfiguration', `The host '${hostId}' does not take ${wanted.shape}`);
  if (freeVcpus(cloud, host) < wanted.count * vcpusOf(host, wanted.shape)) {
    throw new AwsError('InsufficientHostCapacity', `The host '${hostId}' has no room for ${wanted.count} more ${wanted.shape}`, 500);
  }
}

function vcpusOf(host: HostRecord, shape: string): number {
  return host.shapes.get(shape) ?? 0;
}
