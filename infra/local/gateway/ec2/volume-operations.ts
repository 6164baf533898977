import type {
  AttachVolumeRequest,
  CreateVolumeRequest,
  DeleteVolumeRequest,
  DescribeVolumesRequest,
  DescribeVolumesResult,
  DetachVolumeRequest,
  Volume,
  VolumeAttachment,
} from '@aws-sdk/client-ec2';
import { AwsError, type OperationHandler } from '../operation';
import { refuseDryRun, isRoot, type Cloud } from './cloud';
import { applyFilters, type FilterFields } from './filters';
import { ID_ERRORS } from './ids';
import { dataDisksOf } from './instance-lifecycle';
import { owned } from './owned';
import { pageOf } from './paging';
import type { VolumeRecord } from './records';
import { tagList, tagsFor } from './tags';
import { createVolumeRecord, removeVolume, type VolumeSpec } from './volume-creation';

/** Creation, attachment and description of volumes. */
export function volumeOperations(cloud: Cloud): Record<string, OperationHandler> {
  return {
    CreateVolume: owned(async (input: CreateVolumeRequest): Promise<Volume> => {
      const create = async (): Promise<VolumeRecord> => createVolume(cloud, input);
      return volumeView(await (input.DryRun === true ? create() : cloud.tokens.once('CreateVolume', input, create)));
    }),

    AttachVolume: owned((input: AttachVolumeRequest): VolumeAttachment => {
      const volume = cloud.volume(input.VolumeId ?? '');
      attach(cloud, volume, input);
      return attachmentView(volume);
    }),

    DetachVolume: owned((input: DetachVolumeRequest): VolumeAttachment => {
      const volume = cloud.volume(input.VolumeId ?? '');
      return detach(cloud, volume, input);
    }),

    DeleteVolume: owned((input: DeleteVolumeRequest) => {
      const volume = cloud.volume(input.VolumeId ?? '');
      if (volume.attachment) {
        throw new AwsError('VolumeInUse', `Volume ${volume.id} is currently attached to ${volume.attachment.instanceId}`);
      }
      refuseDryRun(input);
      removeVolume(cloud, volume);
      return {};
    }),

    DescribeVolumes: owned((input: DescribeVolumesRequest): DescribeVolumesResult => {
      const found = applyFilters(cloud.visible(cloud.volumes, input.VolumeIds, ID_ERRORS.volume), input.Filters, FIELDS);
      const { items, nextToken } = pageOf(found, input);
      return { Volumes: items.map(volumeView), NextToken: nextToken };
    }),
  };
}

const FIELDS: FilterFields<VolumeRecord> = {
  'volume-id': (volume) => volume.id,
  status: (volume) => volume.state,
  'availability-zone': (volume) => volume.zone,
  'snapshot-id': (volume) => volume.snapshotId,
  'volume-type': (volume) => volume.type,
  size: (volume) => String(volume.sizeGib),
  encrypted: (volume) => String(volume.encrypted),
  'attachment.instance-id': (volume) => volume.attachment?.instanceId,
  'attachment.device': (volume) => volume.attachment?.device,
  'attachment.status': (volume) => volume.attachment?.state,
  'attachment.delete-on-termination': (volume) => volume.attachment && String(volume.attachment.deleteOnTermination),
};

async function createVolume(cloud: Cloud, input: CreateVolumeRequest): Promise<VolumeRecord> {
  const zone = input.AvailabilityZone;
  if (zone === undefined) throw new AwsError('MissingParameter', 'The request must contain the parameter AvailabilityZone');
  const subnets = await cloud.deps.catalogue.subnets();
  if (!subnets.some((subnet) => subnet.zone === zone)) {
    throw new AwsError('InvalidZone.NotFound', `The zone '${zone}' does not exist.`);
  }
  const snapshot = input.SnapshotId === undefined ? undefined : cloud.snapshot(input.SnapshotId);
  const sizeGib = input.Size ?? snapshot?.sizeGib;
  if (sizeGib === undefined) throw new AwsError('MissingParameter', 'The request must contain the parameter size/snapshot');
  if (sizeGib < (snapshot?.sizeGib ?? 1)) {
    throw new AwsError('InvalidParameterValue', `The volume size ${sizeGib} is smaller than the snapshot (${snapshot?.sizeGib ?? 1} GiB)`);
  }
  refuseDryRun(input);
  const spec: VolumeSpec = {
    sizeGib,
    type: input.VolumeType ?? 'gp2',
    iops: input.Iops,
    throughput: input.Throughput,
    encrypted: input.Encrypted ?? snapshot?.encrypted ?? false,
    kmsKeyId: input.KmsKeyId,
    snapshotId: input.SnapshotId,
  };
  const volume = createVolumeRecord(cloud, zone, spec, tagsFor('volume', input.TagSpecifications));
  cloud.timers.after(cloud.deps.delays.volumeCreatingMs, () =>
    cloud.background(async () => {
      await volume.ready;
      if (volume.state === 'creating') volume.state = 'available';
    }),
  );
  return volume;
}

function attach(cloud: Cloud, volume: VolumeRecord, input: AttachVolumeRequest): void {
  const instance = cloud.instance(input.InstanceId ?? '');
  const device = input.Device;
  if (device === undefined) throw new AwsError('MissingParameter', 'The request must contain the parameter device');
  if (volume.attachment) throw new AwsError('VolumeInUse', `${volume.id} is already attached to an instance`);
  if (volume.state !== 'available') throw new AwsError('IncorrectState', `${volume.id} is not 'available'.`);
  if (volume.zone !== instance.zone) {
    throw new AwsError('InvalidVolume.ZoneMismatch', `The volume '${volume.id}' is not in the same availability zone as instance '${instance.id}'`);
  }
  if (instance.state !== 'running' && instance.state !== 'stopped') {
    throw new AwsError('IncorrectState', `Instance '${instance.id}' is not 'running'.`);
  }
  if (cloud.volumesOf(instance).some((other) => other.attachment?.device === device)) {
    throw new AwsError('InvalidParameterValue', `Invalid value '${device}' for unixDevice. Attachment point ${device} is already in use`);
  }
  refuseDryRun(input);
  const attachment = { instanceId: instance.id, device, attachedAtMs: Date.now(), state: 'attaching' as const, deleteOnTermination: false };
  volume.attachment = attachment;
  volume.state = 'in-use';
  cloud.timers.after(cloud.deps.delays.volumeAttachingMs, () => {
    if (volume.attachment !== attachment) return;
    volume.attachment.state = 'attached';
    cloud.deps.runner.linkDisks(instance.id, dataDisksOf(cloud, instance));
  });
}

function detach(cloud: Cloud, volume: VolumeRecord, input: DetachVolumeRequest): VolumeAttachment {
  const { attachment } = volume;
  if (!attachment || attachment.state === 'detaching') throw new AwsError('IncorrectState', `Volume '${volume.id}' is in the '${volume.state}' state.`);
  if (input.InstanceId !== undefined && input.InstanceId !== attachment.instanceId) {
    throw new AwsError('InvalidAttachment.NotFound', `Volume '${volume.id}' is not attached to instance '${input.InstanceId}'.`);
  }
  if (input.Device !== undefined && input.Device !== attachment.device) {
    throw new AwsError('InvalidAttachment.NotFound', `Volume '${volume.id}' is not attached as '${input.Device}'.`);
  }
  const instance = cloud.instance(attachment.instanceId);
  if (isRoot(volume, instance) && instance.state !== 'stopped') {
    throw new AwsError('OperationNotPermitted', `Unable to detach root volume '${volume.id}' from instance '${instance.id}'`);
  }
  refuseDryRun(input);
  attachment.state = 'detaching';
  cloud.deps.runner.linkDisks(instance.id, dataDisksOf(cloud, instance));
  const view = attachmentView(volume);
  cloud.timers.after(cloud.deps.delays.volumeAttachingMs, () => {
    if (volume.attachment !== attachment) return;
    volume.attachment = undefined;
    volume.state = 'available';
  });
  return view;
}

function attachmentView(volume: VolumeRecord): VolumeAttachment {
  const { attachment } = volume;
  if (!attachment) return {};
  return {
    VolumeId: volume.id,
    InstanceId: attachment.instanceId,
    Device: attachment.device,
    State: attachment.state,
    AttachTime: new Date(attachment.attachedAtMs),
    DeleteOnTermination: attachment.deleteOnTermination,
  };
}

function volumeView(volume: VolumeRecord): Volume {
  return {
    VolumeId: volume.id,
    AvailabilityZone: volume.zone,
    Size: volume.sizeGib,
    State: volume.state,
    VolumeType: volume.type,
    Iops: volume.iops,
    Throughput: volume.throughput,
    Encrypted: volume.encrypted,
    KmsKeyId: volume.kmsKeyId,
    SnapshotId: volume.snapshotId ?? '',
    CreateTime: new Date(volume.createdAtMs),
    MultiAttachEnabled: false,
    Attachments: volume.attachment ? [attachmentView(volume)] : [],
    Tags: tagList(volume.tags),
  };
}
