import type {
  CreateSnapshotRequest,
  CreateSnapshotsRequest,
  CreateSnapshotsResult,
  DeleteSnapshotRequest,
  DescribeSnapshotsRequest,
  DescribeSnapshotsResult,
  Snapshot,
  SnapshotInfo,
} from '@aws-sdk/client-ec2';
import { AwsError, type OperationHandler } from '../operation';
import { isRoot, refuseDryRun, type Cloud } from './cloud';
import { applyFilters, type FilterFields } from './filters';
import { ID_ERRORS } from './ids';
import { owned } from './owned';
import { pageOf } from './paging';
import type { SnapshotRecord } from './records';
import { snapshotVolumes } from './snapshot-creation';
import { tagList, tagsFor } from './tags';

/** Creation and description of snapshots. */
export function snapshotOperations(cloud: Cloud): Record<string, OperationHandler> {
  return {
    CreateSnapshot: owned(async (input: CreateSnapshotRequest): Promise<Snapshot> => {
      const volume = cloud.volume(input.VolumeId ?? '');
      if (volume.state === 'creating') throw new AwsError('IncorrectState', `Volume '${volume.id}' is in the 'creating' state.`);
      refuseDryRun(input);
      const about = () => ({ description: input.Description ?? '', tags: tagsFor('snapshot', input.TagSpecifications) });
      const [snapshot] = await snapshotVolumes(cloud, [volume], about);
      return snapshot ? snapshotView(cloud, snapshot) : {};
    }),

    CreateSnapshots: owned(async (input: CreateSnapshotsRequest): Promise<CreateSnapshotsResult> => {
      const { InstanceId, ExcludeBootVolume, ExcludeDataVolumeIds = [] } = input.InstanceSpecification ?? {};
      const instance = cloud.instance(InstanceId ?? '');
      const volumes = cloud
        .volumesOf(instance)
        .filter((volume) => (isRoot(volume, instance) ? ExcludeBootVolume !== true : !ExcludeDataVolumeIds.includes(volume.id)));
      if (volumes.length === 0) throw new AwsError('InvalidParameterValue', 'There is no volume left to snapshot');
      refuseDryRun(input);
      const snapshots = await snapshotVolumes(cloud, volumes, (volume) => ({
        description: input.Description ?? '',
        tags: new Map([
          ...(input.CopyTagsFromSource === 'volume' ? volume.tags : []),
          ...tagsFor('snapshot', input.TagSpecifications),
        ]),
      }));
      return { Snapshots: snapshots.map((snapshot) => snapshotInfo(cloud, snapshot)) };
    }),

    DeleteSnapshot: owned((input: DeleteSnapshotRequest) => {
      const snapshot = cloud.snapshot(input.SnapshotId ?? '');
      const user = [...cloud.images.values()].find((image) => image.disks.some((disk) => disk.snapshotId === snapshot.id));
      if (user) {
        throw new AwsError('InvalidSnapshot.InUse', `The snapshot ${snapshot.id} is currently in use by ${user.id}`);
      }
      refuseDryRun(input);
      cloud.snapshots.delete(snapshot.id);
      return {};
    }),

    DescribeSnapshots: owned((input: DescribeSnapshotsRequest): DescribeSnapshotsResult => {
      const own = new Set(['self', cloud.deps.accountId]);
      const owners = input.OwnerIds ?? [];
      const all = cloud.visible(cloud.snapshots, input.SnapshotIds, ID_ERRORS.snapshot);
      const wanted = owners.length === 0 || owners.some((owner) => own.has(owner)) ? all : [];
      const { items, nextToken } = pageOf(applyFilters(wanted, input.Filters, filterFields(cloud)), input);
      return { Snapshots: items.map((snapshot) => snapshotView(cloud, snapshot)), NextToken: nextToken };
    }),
  };
}

function filterFields(cloud: Cloud): FilterFields<SnapshotRecord> {
  return {
    'snapshot-id': (snapshot) => snapshot.id,
    status: (snapshot) => snapshot.state,
    'volume-id': (snapshot) => snapshot.volumeId,
    'volume-size': (snapshot) => String(snapshot.sizeGib),
    'owner-id': () => cloud.deps.accountId,
    description: (snapshot) => snapshot.description,
    encrypted: (snapshot) => String(snapshot.encrypted),
    progress: progressOf,
  };
}

function progressOf(snapshot: SnapshotRecord): string {
  return snapshot.state === 'completed' ? '100%' : '0%';
}

function snapshotView(cloud: Cloud, snapshot: SnapshotRecord): Snapshot {
  const view: Snapshot = {
    SnapshotId: snapshot.id,
    VolumeId: snapshot.volumeId,
    VolumeSize: snapshot.sizeGib,
    State: snapshot.state,
    Progress: progressOf(snapshot),
    StartTime: new Date(snapshot.createdAtMs),
    OwnerId: cloud.deps.accountId,
    Description: snapshot.description,
    Encrypted: snapshot.encrypted,
    KmsKeyId: snapshot.kmsKeyId,
    StorageTier: 'standard',
    Tags: tagList(snapshot.tags),
  };
  return snapshot.completedAtMs === undefined ? view : { ...view, CompletionTime: new Date(snapshot.completedAtMs) };
}

function snapshotInfo(cloud: Cloud, snapshot: SnapshotRecord): SnapshotInfo {
  const { SnapshotId, VolumeId, VolumeSize, State, Progress, StartTime, OwnerId, Description, Encrypted, Tags } = snapshotView(cloud, snapshot);
  return { SnapshotId, VolumeId, VolumeSize, State, Progress, StartTime, OwnerId, Description, Encrypted, Tags };
}
