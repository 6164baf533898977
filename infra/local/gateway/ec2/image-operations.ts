import type {
  BlockDeviceMapping,
  CreateImageRequest,
  CreateImageResult,
  DeregisterImageRequest,
  DescribeImagesRequest,
  DescribeImagesResult,
  Image,
  RegisterImageRequest,
  RegisterImageResult,
} from '@aws-sdk/client-ec2';
import { AwsError, type OperationHandler } from '../operation';
import { refuseDryRun, type Cloud } from './cloud';
import { applyFilters, type FilterFields } from './filters';
import { ID_ERRORS, newId } from './ids';
import { restartProcess } from './instance-lifecycle';
import { owned } from './owned';
import { pageOf } from './paging';
import type { ImageDisk, ImageRecord, InstanceRecord, SnapshotRecord, VolumeRecord } from './records';
import { snapshotVolumes } from './snapshot-creation';
import { tagList, tagsFor } from './tags';

/** Creation and description of machine images. */
export function imageOperations(cloud: Cloud): Record<string, OperationHandler> {
  return {
    CreateImage: owned(async (input: CreateImageRequest): Promise<CreateImageResult> => {
      const instance = cloud.instance(input.InstanceId ?? '');
      const name = input.Name ?? '';
      if (instance.state !== 'running' && instance.state !== 'stopped') {
        throw new AwsError('IncorrectState', `Instance '${instance.id}' is not 'running' or 'stopped'.`);
      }
      checkName(cloud, name);
      refuseDryRun(input);
      return { ImageId: (await createImage(cloud, instance, input)).id };
    }),

    RegisterImage: owned((input: RegisterImageRequest): RegisterImageResult => {
      checkName(cloud, input.Name ?? '');
      const disks = (input.BlockDeviceMappings ?? []).filter((mapping) => mapping.Ebs).map((mapping) => registeredDisk(cloud, mapping));
      const rootDeviceName = input.RootDeviceName ?? disks[0]?.device ?? '';
      if (!disks.some((disk) => disk.device === rootDeviceName)) {
        throw new AwsError('InvalidBlockDeviceMapping', `There is no snapshot for the root device '${rootDeviceName}'`);
      }
      refuseDryRun(input);
      const image = addImage(cloud, {
        name: input.Name ?? '',
        description: input.Description ?? '',
        architecture: input.Architecture ?? 'x86_64',
        rootDeviceName,
        disks,
        sourceInstanceId: undefined,
        state: 'available',
        tags: tagsFor('image', input.TagSpecifications),
      });
      return { ImageId: image.id };
    }),

    DeregisterImage: owned((input: DeregisterImageRequest) => {
      const image = cloud.image(input.ImageId ?? '');
      refuseDryRun(input);
      cloud.images.delete(image.id);
      return { Return: true };
    }),

    DescribeImages: owned((input: DescribeImagesRequest): DescribeImagesResult => {
      const own = new Set(['self', cloud.deps.accountId]);
      const owners = input.Owners ?? [];
      const all = cloud.visible(cloud.images, input.ImageIds, ID_ERRORS.image);
      const wanted = owners.length === 0 || owners.some((owner) => own.has(owner)) ? all : [];
      const { items, nextToken } = pageOf(applyFilters(wanted, input.Filters, FIELDS), input);
      return { Images: items.map((image) => imageView(cloud, image)), NextToken: nextToken };
    }),
  };
}

/** Adds an image to the cloud. */
export function addImage(cloud: Cloud, spec: Omit<ImageRecord, 'id' | 'seq' | 'createdAtMs'>): ImageRecord {
  const image = { ...spec, id: newId('ami'), seq: cloud.nextSeq(), createdAtMs: Date.now() };
  cloud.images.set(image.id, image);
  return image;
}

/** Refuses a name that another image has. */
export function checkName(cloud: Cloud, name: string): void {
  const other = [...cloud.images.values()].find((image) => image.name === name);
  if (other) throw new AwsError('InvalidAMIName.Duplicate', `AMI name ${name} is already in use by AMI ${other.id}`);
}

const FIELDS: FilterFields<ImageRecord> = {
  'image-id': (image) => image.id,
  name: (image) => image.name,
  state: (image) => image.state,
  architecture: (image) => image.architecture,
  description: (image) => image.description,
  'root-device-name': (image) => image.rootDeviceName,
  'is-public': () => 'false',
  'block-device-mapping.snapshot-id': (image) => image.disks.map((disk) => disk.snapshotId),
};

async function createImage(cloud: Cloud, instance: InstanceRecord, input: CreateImageRequest): Promise<ImageRecord> {
  const dropped = new Set((input.BlockDeviceMappings ?? []).filter((mapping) => mapping.NoDevice !== undefined).map((mapping) => mapping.DeviceName));
  const volumes = cloud.volumesOf(instance).filter((volume) => !dropped.has(volume.attachment?.device));
  // Recorded before anything waits: the name is taken and the reply can be lost from here on.
  const disks: ImageDisk[] = [];
  const image = addImage(cloud, {
    name: input.Name ?? '',
    description: input.Description ?? '',
    architecture: instance.architecture,
    rootDeviceName: instance.rootDeviceName,
    disks,
    sourceInstanceId: instance.id,
    state: 'pending',
    tags: tagsFor('image', input.TagSpecifications),
  });
  const about = () => ({
    description: `Created by CreateImage(${instance.id}) for ${image.id}`,
    tags: tagsFor('snapshot', input.TagSpecifications),
  });
  const capture = async (): Promise<void> => {
    const devices = volumes.map((volume) => volume.attachment?.device ?? '');
    const snapshots = await snapshotVolumes(cloud, volumes, about);
    for (const [at, snapshot] of snapshots.entries()) {
      const volume = volumes[at];
      if (volume) disks.push(diskOf(volume, devices[at] ?? '', snapshot));
    }
  };
  try {
    if (instance.state === 'running' && input.NoReboot !== true) await restartProcess(cloud, instance, capture);
    else await capture();
  } catch (error) {
    image.state = 'failed';
    throw error;
  }
  becomeAvailable(cloud, image);
  return image;
}

/** Makes an image available once its snapshots are completed. */
export function becomeAvailable(cloud: Cloud, image: ImageRecord): void {
  cloud.timers.after(cloud.deps.delays.imagePendingMs, () => {
    const snapshots = image.disks.map((disk) => cloud.snapshots.get(disk.snapshotId));
    if (snapshots.some((snapshot) => snapshot?.state === 'pending')) {
      // An image is never available before its snapshots are.
      cloud.timers.after(20, () => becomeAvailable(cloud, image));
      return;
    }
    image.state = snapshots.every((snapshot) => snapshot?.state === 'completed') ? 'available' : 'failed';
  });
}

function diskOf(volume: VolumeRecord, device: string, snapshot: SnapshotRecord): ImageDisk {
  const { sizeGib, type, iops, throughput, encrypted } = volume;
  const deleteOnTermination = volume.attachment?.deleteOnTermination ?? true;
  return { device, snapshotId: snapshot.id, sizeGib, type, iops, throughput, encrypted, deleteOnTermination };
}

function registeredDisk(cloud: Cloud, mapping: BlockDeviceMapping): ImageDisk {
  const { Ebs: ebs, DeviceName: device = '' } = mapping;
  const snapshot = cloud.snapshot(ebs?.SnapshotId ?? '');
  if (snapshot.state !== 'completed') throw new AwsError('IncorrectState', `Snapshot '${snapshot.id}' is ${snapshot.state}`);
  return {
    device,
    snapshotId: snapshot.id,
    sizeGib: ebs?.VolumeSize ?? snapshot.sizeGib,
    type: ebs?.VolumeType ?? 'gp2',
    iops: ebs?.Iops,
    throughput: ebs?.Throughput,
    encrypted: snapshot.encrypted,
    deleteOnTermination: ebs?.DeleteOnTermination ?? true,
  };
}

function imageView(cloud: Cloud, image: ImageRecord): Image {
  return {
    ImageId: image.id,
    Name: image.name,
    Description: image.description,
    State: image.state,
    Architecture: image.architecture as 'x86_64',
    CreationDate: new Date(image.createdAtMs).toISOString(),
    OwnerId: cloud.deps.accountId,
    Public: false,
    ImageType: 'machine',
    PlatformDetails: 'Linux/UNIX',
    RootDeviceName: image.rootDeviceName,
    RootDeviceType: 'ebs',
    VirtualizationType: 'hvm',
    Hypervisor: 'xen',
    EnaSupport: true,
    SourceInstanceId: image.sourceInstanceId,
    BlockDeviceMappings: image.disks.map((disk) => ({
      DeviceName: disk.device,
      Ebs: {
        SnapshotId: disk.snapshotId,
        VolumeSize: disk.sizeGib,
        VolumeType: disk.type,
        Iops: disk.iops,
        Throughput: disk.throughput,
        Encrypted: disk.encrypted,
        DeleteOnTermination: disk.deleteOnTermination,
      },
    })),
    Tags: tagList(image.tags),
  };
}
