import { DescribeImagesCommand, DescribeLaunchTemplateVersionsCommand, DescribeSubnetsCommand, DescribeVpcsCommand } from '@aws-sdk/client-ec2';
import type { EC2Client, ResponseLaunchTemplateData } from '@aws-sdk/client-ec2';
import type { ComputePort } from '../../activities/compute-port';
import type { DiskPort } from '../../activities/disk-port';
import type { ReplicaPort, TemplateSight } from '../../activities/replica-port';
import { businessFailure } from '../../contracts/errors';
import type { ReplicaTemplate } from '../../contracts/provision-replicas';
import { OWN_TAGS, REPLICAS_TAG, REQUEST_DIGEST_TAG } from '../../contracts/workflow-ids';
import { tagRecord } from './ownership';
import { runInstance, userDataOf, type LaunchSpec } from './run-instance';
import { callAws } from './translate-error';

interface Read {
  readonly spec: LaunchSpec;
  readonly sight: TemplateSight;
}

/** Instances from a running instance or a launch template, through the AWS SDK. */
export function createReplicaLauncher(ec2: EC2Client, compute: Pick<ComputePort, 'describe'>, disks: Pick<DiskPort, 'describeVolumes'>): ReplicaPort {
  const read = (template: ReplicaTemplate): Promise<Read> =>
    template.instanceId === undefined ? readLaunchTemplate(ec2, template) : readInstance(ec2, compute, disks, template, template.instanceId);
  return {
    look: async (template) => (await read(template)).sight,
    async launch({ owner, template, place, reservationId, spot, step, tags }) {
      const { spec } = await read(template);
      return runInstance(ec2, { doing: `launch a replica (${place.shape} in ${place.zone})`, owner, role: 'replica', token: step, place, reservationId, hostId: null, spot, spec: { ...spec, tags: { ...spec.tags, ...tags } } });
    },
  };
}

async function readInstance(ec2: EC2Client, compute: Pick<ComputePort, 'describe'>, disks: Pick<DiskPort, 'describeVolumes'>, template: ReplicaTemplate, instanceId: string): Promise<Read> {
  const facts = await compute.describe(instanceId);
  const imageId = template.imageId ?? facts.imageId;
  const image = await imageOf(ec2, imageId);
  const data = facts.volumes.filter(({ device }) => device !== facts.rootDevice && !image.devices.includes(device));
  const volumes = await disks.describeVolumes(data.map(({ volumeId }) => volumeId));
  const blankVolumes = data.flatMap(({ device, volumeId }) => volumes.filter((volume) => volume.volumeId === volumeId).map(({ sizeGiB, volumeType }) => ({ device, sizeGiB, volumeType })));
  const tags = ownTagsLeftOut(facts.tags);
  return {
    spec: { imageId, securityGroupIds: facts.securityGroupIds, keyName: facts.keyName, instanceProfileArn: facts.instanceProfileArn, userData: await userDataOf(ec2, instanceId, `read the user data of ${instanceId}`), tags, blankVolumes },
    sight: { architecture: image.architecture, vpcId: facts.vpcId, shape: facts.shape, tags },
  };
}

async function readLaunchTemplate(ec2: EC2Client, { launchTemplateId = '', launchTemplateVersion = '$Default', imageId: otherImageId }: ReplicaTemplate): Promise<Read> {
  const answer = await callAws(`read launch template ${launchTemplateId}`, () => ec2.send(new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId: launchTemplateId, Versions: [launchTemplateVersion] })));
  const data = answer.LaunchTemplateVersions?.[0]?.LaunchTemplateData;
  const imageId = otherImageId ?? data?.ImageId;
  if (data === undefined || imageId === undefined) throw businessFailure('InvalidInput', `template: launch template ${launchTemplateId} (${launchTemplateVersion}) names no image; expected one, or template.imageId`);
  const image = await imageOf(ec2, imageId);
  const tags = ownTagsLeftOut(tagRecord(data.TagSpecifications?.find(({ ResourceType }) => ResourceType === 'instance')?.Tags));
  return {
    spec: {
      imageId,
      securityGroupIds: data.SecurityGroupIds ?? data.NetworkInterfaces?.[0]?.Groups ?? [],
      keyName: data.KeyName ?? null,
      instanceProfileArn: data.IamInstanceProfile?.Arn ?? null,
      userData: data.UserData,
      tags,
      blankVolumes: [],
    },
    sight: { architecture: image.architecture, vpcId: await networkOf(ec2, data), shape: null, tags },
  };
}

async function imageOf(ec2: EC2Client, imageId: string): Promise<{ readonly architecture: string; readonly devices: readonly string[] }> {
  const answer = await callAws(`describe ${imageId}`, () => ec2.send(new DescribeImagesCommand({ ImageIds: [imageId] })));
  const image = answer.Images?.[0];
  // A migrated instance comes from an image that was only made for its move.
  if (image?.State !== 'available') throw businessFailure('NotFound', `template: image ${imageId} is ${image?.State ?? 'gone'}; name another as template.imageId`);
  return { architecture: image.Architecture ?? 'x86_64', devices: (image.BlockDeviceMappings ?? []).flatMap(({ DeviceName }) => DeviceName ?? []) };
}

async function networkOf(ec2: EC2Client, data: ResponseLaunchTemplateData): Promise<string> {
  const subnetId = data.NetworkInterfaces?.[0]?.SubnetId;
  if (subnetId !== undefined) {
    const answer = await callAws(`describe ${subnetId}`, () => ec2.send(new DescribeSubnetsCommand({ SubnetIds: [subnetId] })));
    return answer.Subnets?.[0]?.VpcId ?? '';
  }
  const answer = await callAws('find the default network', () => ec2.send(new DescribeVpcsCommand({ Filters: [{ Name: 'is-default', Values: ['true'] }] })));
  return answer.Vpcs?.[0]?.VpcId ?? '';
}

function ownTagsLeftOut(tags: Readonly<Record<string, string>>): Record<string, string> {
  const left = [...OWN_TAGS, REPLICAS_TAG, REQUEST_DIGEST_TAG];
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !left.includes(key) && !key.startsWith('aws:')));
}
