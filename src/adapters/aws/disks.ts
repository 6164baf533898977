import {
  AttachVolumeCommand,
  CreateImageCommand,
  CreateSnapshotsCommand,
  CreateVolumeCommand,
  DeleteSnapshotCommand,
  DeleteVolumeCommand,
  DeregisterImageCommand,
  DescribeImagesCommand,
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
  DetachVolumeCommand,
  ModifyInstanceAttributeCommand,
} from '@aws-sdk/client-ec2';
import type { EC2Client, Snapshot } from '@aws-sdk/client-ec2';
import type { EBSClient } from '@aws-sdk/client-ebs';
import type { DiskPort, SnapshotFacts } from '../../activities/disk-port';
import { businessFailure } from '../../contracts/errors';
import type { Owner } from '../../contracts/migration-activities';
import { STEP_TAG, clientToken, ownedBy, ownerTags, tagRecord } from './ownership';
import { copyImage, copySnapshot } from './region-copies';
import { changedBytes, digestSnapshot } from './snapshot-blocks';
import { callAws } from './translate-error';
import { writeSnapshot } from './write-snapshot';

/** Images, snapshots and volumes through the AWS SDK. `ebsOf`: the EBS direct APIs of another region. */
export function createDisks(ec2: EC2Client, ebs: EBSClient, ebsOf: (region: string) => EBSClient): DiskPort {
  const ownedImages = async (owner: Owner): Promise<string[]> => {
    const answer = await callAws('list images', () => ec2.send(new DescribeImagesCommand({ Owners: ['self'], Filters: ownedBy(owner) })));
    return (answer.Images ?? []).flatMap((image) => image.ImageId ?? []);
  };
  const ownedSnapshots = async (owner: Owner): Promise<SnapshotFacts[]> => {
    const answer = await callAws('list snapshots', () => ec2.send(new DescribeSnapshotsCommand({ OwnerIds: ['self'], Filters: ownedBy(owner) })));
    return (answer.Snapshots ?? []).map(snapshotFacts);
  };
  const ofStep = async (owner: Owner, step: string): Promise<SnapshotFacts[]> => (await ownedSnapshots(owner)).filter((snapshot) => snapshot.tags[STEP_TAG] === step);

  return {
    async createImage(owner, instanceId) {
      const earlier = await ownedImages(owner);
      if (earlier[0] !== undefined) return earlier[0];
      const answer = await callAws(`image ${instanceId}`, () =>
        ec2.send(
          new CreateImageCommand({
            InstanceId: instanceId,
            // The name is the token: a second image of this run would be a duplicate.
            Name: `foreshift-${instanceId}-${clientToken(owner, 'image').slice(0, 12)}`,
            NoReboot: true,
            TagSpecifications: [
              { ResourceType: 'image', Tags: ownerTags(owner, 'image') },
              { ResourceType: 'snapshot', Tags: ownerTags(owner, 'image-snapshot') },
            ],
          }),
        ),
      );
      if (answer.ImageId === undefined) throw new Error('CreateImage answered without an image');
      return answer.ImageId;
    },
    async image(imageId) {
      const answer = await callAws(`describe ${imageId}`, () => ec2.send(new DescribeImagesCommand({ ImageIds: [imageId] })));
      const image = answer.Images?.[0];
      if (image === undefined) throw businessFailure('NotFound', `image ${imageId} does not exist`);
      const snapshotByDevice = Object.fromEntries((image.BlockDeviceMappings ?? []).flatMap(({ DeviceName, Ebs }) => (DeviceName && Ebs?.SnapshotId ? [[DeviceName, Ebs.SnapshotId]] : [])));
      return { state: image.State ?? 'unknown', snapshotByDevice };
    },
    async copyImage(owner, imageId, origin) {
      const [earlier] = await ownedImages(owner);
      return earlier ?? copyImage(ec2, owner, imageId, origin);
    },
    findOwnedImages: ownedImages,
    async deregisterImage(imageId) {
      await callAws(`deregister ${imageId}`, () => ec2.send(new DeregisterImageCommand({ ImageId: imageId })));
    },
    async snapshotDataVolumes(owner, instanceId, step) {
      const earlier = await ofStep(owner, step);
      if (earlier.length > 0) return earlier;
      const answer = await callAws(`snapshot the data volumes of ${instanceId}`, () =>
        ec2.send(
          new CreateSnapshotsCommand({
            InstanceSpecification: { InstanceId: instanceId, ExcludeBootVolume: true },
            TagSpecifications: [{ ResourceType: 'snapshot', Tags: [...ownerTags(owner, 'sync-snapshot'), { Key: STEP_TAG, Value: step }] }],
          }),
        ),
      );
      return (answer.Snapshots ?? []).map(snapshotFacts);
    },
    async snapshots(snapshotIds) {
      const answer = await callAws('describe snapshots', () => ec2.send(new DescribeSnapshotsCommand({ SnapshotIds: [...snapshotIds] })));
      return (answer.Snapshots ?? []).map(snapshotFacts);
    },
    async copySnapshot(owner, snapshotId, origin, step) {
      const earlier = await ofStep(owner, step);
      return earlier[0]?.snapshotId ?? copySnapshot(ec2, owner, snapshotId, origin, step);
    },
    findOwnedSnapshots: ownedSnapshots,
    async deleteSnapshot(snapshotId) {
      await callAws(`delete ${snapshotId}`, () => ec2.send(new DeleteSnapshotCommand({ SnapshotId: snapshotId })));
    },
    changedBytes: (from, to) => changedBytes(ebs, from, to),
    digest: (snapshotId, onBlock) => digestSnapshot(ebs, snapshotId, onBlock),
    async writeSnapshot(owner, recipe, onBlock) {
      const [earlier] = await ofStep(owner, recipe.step);
      const source = recipe.fromRegion === undefined ? ebs : ebsOf(recipe.fromRegion);
      return writeSnapshot({ ec2, ebs, source }, owner, recipe, earlier, onBlock);
    },
    async createVolume(owner, snapshotId, zone, step) {
      const answer = await callAws(`create a volume from ${snapshotId}`, () =>
        ec2.send(
          new CreateVolumeCommand({
            ClientToken: clientToken(owner, step),
            SnapshotId: snapshotId,
            AvailabilityZone: zone,
            VolumeType: 'gp3',
            TagSpecifications: [{ ResourceType: 'volume', Tags: ownerTags(owner, 'shadow-volume') }],
          }),
        ),
      );
      if (answer.VolumeId === undefined) throw new Error('CreateVolume answered without a volume');
      return answer.VolumeId;
    },
    async volumeState(volumeId) {
      const answer = await callAws(`describe ${volumeId}`, () => ec2.send(new DescribeVolumesCommand({ VolumeIds: [volumeId] })));
      return answer.Volumes?.[0]?.State ?? 'unknown';
    },
    async describeVolumes(volumeIds) {
      if (volumeIds.length === 0) return [];
      const answer = await callAws('describe volumes', () => ec2.send(new DescribeVolumesCommand({ VolumeIds: [...volumeIds] })));
      return (answer.Volumes ?? []).map((volume) => ({ volumeId: volume.VolumeId ?? '', sizeGiB: volume.Size ?? 0, volumeType: volume.VolumeType ?? '' }));
    },
    async attach(volumeId, instanceId, device) {
      await callAws(`attach ${volumeId}`, () => ec2.send(new AttachVolumeCommand({ VolumeId: volumeId, InstanceId: instanceId, Device: device })));
      // EC2 keeps later attached volumes when the instance ends; this one belongs to the instance as its first one did.
      await callAws(`bind ${volumeId} to ${instanceId}`, () =>
        ec2.send(new ModifyInstanceAttributeCommand({ InstanceId: instanceId, BlockDeviceMappings: [{ DeviceName: device, Ebs: { DeleteOnTermination: true } }] })),
      );
    },
    async detach(volumeId) {
      await callAws(`detach ${volumeId}`, () => ec2.send(new DetachVolumeCommand({ VolumeId: volumeId })));
    },
    async deleteVolume(volumeId) {
      await callAws(`delete ${volumeId}`, () => ec2.send(new DeleteVolumeCommand({ VolumeId: volumeId })));
    },
    async findOwnedFreeVolumes(owner) {
      const filters = [...ownedBy(owner), { Name: 'status', Values: ['available', 'creating', 'error'] }];
      const answer = await callAws('list volumes', () => ec2.send(new DescribeVolumesCommand({ Filters: filters })));
      return (answer.Volumes ?? []).flatMap((volume) => volume.VolumeId ?? []);
    },
  };
}

function snapshotFacts(snapshot: Snapshot & { readonly Tags?: Snapshot['Tags'] }): SnapshotFacts {
  return { snapshotId: snapshot.SnapshotId ?? '', volumeId: snapshot.VolumeId ?? '', state: snapshot.State ?? 'unknown', tags: tagRecord(snapshot.Tags) };
}
