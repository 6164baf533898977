import { serviceOf } from '../domain/service-of';
import type { SourceSnapshot, TrafficBinding } from '../domain/source-snapshot';
import type { InstanceFacts } from './compute-port';
import type { DiskPort } from './disk-port';

export interface SnapshotDependencies {
  readonly disks: Pick<DiskPort, 'describeVolumes'>;
  /** The worker's own. */
  readonly region: string;
}

/** What a move knows of the instance that it moves. */
export async function sourceSnapshotOf({ disks, region }: SnapshotDependencies, facts: InstanceFacts, traffic: TrafficBinding | null): Promise<SourceSnapshot> {
  return {
    instanceId: facts.instanceId,
    name: facts.tags['Name'] ?? facts.instanceId,
    service: serviceOf(facts.tags),
    shape: facts.shape,
    architecture: facts.architecture,
    zone: facts.zone,
    region,
    ...(facts.hostId === null ? {} : { hostId: facts.hostId }),
    vpcId: facts.vpcId,
    subnetId: facts.subnetId,
    securityGroupIds: facts.securityGroupIds,
    ...(facts.instanceProfileArn === null ? {} : { instanceProfileArn: facts.instanceProfileArn }),
    ...(facts.keyName === null ? {} : { keyName: facts.keyName }),
    tags: facts.tags,
    rootDevice: facts.rootDevice,
    dataVolumes: await dataVolumesOf(disks, facts),
    traffic,
  };
}

async function dataVolumesOf(disks: SnapshotDependencies['disks'], facts: InstanceFacts): Promise<SourceSnapshot['dataVolumes']> {
  const attached = facts.volumes.filter((volume) => volume.device !== facts.rootDevice);
  const described = await disks.describeVolumes(attached.map((volume) => volume.volumeId));
  return attached.map(({ volumeId, device }) => {
    const volume = described.find((candidate) => candidate.volumeId === volumeId);
    return { volumeId, device, sizeGiB: volume?.sizeGiB ?? 0, volumeType: volume?.volumeType ?? '' };
  });
}
