import type { BlockDeviceMapping, RunInstancesRequest, VolumeType } from '@aws-sdk/client-ec2';
import { AwsError } from '../operation';
import { readCapacityWish, type CapacityWish } from './capacity';
import type { Cloud } from './cloud';
import type { ImageRecord } from './records';
import type { SubnetFacts } from './shape-catalogue';
import type { VolumeSpec } from './volume-creation';

export interface LaunchDisk extends VolumeSpec {
  readonly device: string;
  readonly deleteOnTermination: boolean;
}

/** A launch whose parameters are all right; only capacity may still be missing. */
export interface LaunchPlan {
  readonly image: ImageRecord;
  readonly shape: string;
  readonly architecture: string;
  readonly subnet: SubnetFacts;
  readonly securityGroupIds: readonly string[];
  readonly wish: CapacityWish;
  readonly disks: readonly LaunchDisk[];
  readonly min: number;
  readonly max: number;
}

/** Checks everything about a launch that does not change while it is being asked for. */
export async function planLaunch(cloud: Cloud, input: RunInstancesRequest): Promise<LaunchPlan> {
  const min = input.MinCount ?? 1;
  const max = input.MaxCount ?? min;
  if (min < 1 || max < min) {
    throw new AwsError('InvalidParameterValue', `Invalid count of instances: MinCount ${min}, MaxCount ${max}`);
  }
  if (input.ImageId === undefined) throw new AwsError('MissingParameter', 'The request must contain the parameter ImageId');
  const image = cloud.image(input.ImageId);
  if (image.state !== 'available') throw new AwsError('InvalidAMIID.Unavailable', `The image id '${image.id}' is ${image.state}`);
  const shape = input.InstanceType ?? 'm1.small';
  await checkShape(cloud, shape, image.architecture);
  const subnet = await chooseSubnet(cloud, input);
  return {
    image,
    shape,
    architecture: image.architecture,
    subnet,
    securityGroupIds: input.SecurityGroupIds ?? input.NetworkInterfaces?.[0]?.Groups ?? [],
    wish: readCapacityWish(subnet.zone, shape, input.CapacityReservationSpecification, { onHost: input.Placement?.HostId !== undefined, spot: input.InstanceMarketOptions?.MarketType === 'spot' }),
    disks: planDisks(cloud, image, input.BlockDeviceMappings ?? []),
    min,
    max,
  };
}

/** Refuses a type that does not exist or cannot run the architecture. */
export async function checkShape(cloud: Cloud, shape: string, architecture: string | undefined): Promise<void> {
  const facts = await cloud.deps.catalogue.shape(shape);
  if (!facts) throw new AwsError('InvalidParameterValue', `Invalid value '${shape}' for InstanceType.`);
  cloud.vcpusByShape.set(shape, facts.vcpus);
  if (architecture !== undefined && !facts.architectures.includes(architecture)) {
    const message = `The architecture '${facts.architectures.join(',')}' of the specified instance type does not match the architecture '${architecture}' of the specified AMI.`;
    throw new AwsError('InvalidParameterValue', message);
  }
}

async function chooseSubnet(cloud: Cloud, input: RunInstancesRequest): Promise<SubnetFacts> {
  const subnets = await cloud.deps.catalogue.subnets();
  const subnetId = input.SubnetId ?? input.NetworkInterfaces?.[0]?.SubnetId;
  const zone = input.Placement?.AvailabilityZone;
  if (subnetId !== undefined) {
    const subnet = subnets.find((candidate) => candidate.subnetId === subnetId);
    if (!subnet) throw new AwsError('InvalidSubnetID.NotFound', `The subnet ID '${subnetId}' does not exist`);
    if (zone !== undefined && zone !== subnet.zone) {
      throw new AwsError('InvalidParameterValue', `The subnet '${subnetId}' is in ${subnet.zone}, not in ${zone}`);
    }
    return subnet;
  }
  const candidates = subnets.filter((subnet) => subnet.isDefault && (zone === undefined || subnet.zone === zone));
  const [first] = candidates.sort((a, b) => (a.zone < b.zone ? -1 : 1));
  if (first) return first;
  if (zone === undefined) throw new AwsError('MissingInput', 'No subnets found for the default VPC');
  throw new AwsError('InvalidParameterValue', `Invalid availability zone: [${zone}]`);
}

function planDisks(cloud: Cloud, image: ImageRecord, mappings: readonly BlockDeviceMapping[]): readonly LaunchDisk[] {
  const disks = new Map<string, LaunchDisk>(image.disks.map((disk) => [disk.device, { ...disk, kmsKeyId: undefined }]));
  for (const mapping of mappings) {
    const device = mapping.DeviceName;
    if (device === undefined) throw new AwsError('MissingParameter', 'The request must contain the parameter DeviceName');
    if (mapping.NoDevice !== undefined) {
      disks.delete(device);
      continue;
    }
    const { Ebs: ebs } = mapping;
    if (!ebs) continue;
    const base = disks.get(device);
    const snapshotId = ebs.SnapshotId ?? base?.snapshotId;
    const snapshot = snapshotId === undefined ? undefined : cloud.snapshot(snapshotId);
    const sizeGib = ebs.VolumeSize ?? (ebs.SnapshotId === undefined ? base?.sizeGib : undefined) ?? snapshot?.sizeGib;
    if (sizeGib === undefined) throw new AwsError('InvalidBlockDeviceMapping', `The mapping of ${device} has neither a size nor a snapshot`);
    if (snapshot && sizeGib < snapshot.sizeGib) {
      throw new AwsError('InvalidBlockDeviceMapping', `Volume of size ${sizeGib}GB is smaller than snapshot '${snapshot.id}', expect size >= ${snapshot.sizeGib}GB`);
    }
    disks.set(device, {
      device,
      sizeGib,
      snapshotId,
      type: ebs.VolumeType ?? base?.type ?? ('gp3' satisfies VolumeType),
      iops: ebs.Iops ?? base?.iops,
      throughput: ebs.Throughput ?? base?.throughput,
      encrypted: ebs.Encrypted ?? base?.encrypted ?? snapshot?.encrypted ?? false,
      kmsKeyId: ebs.KmsKeyId,
      deleteOnTermination: ebs.DeleteOnTermination ?? base?.deleteOnTermination ?? true,
    });
  }
  return [...disks.values()];
}
