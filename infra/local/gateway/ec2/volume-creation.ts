import type { VolumeType } from '@aws-sdk/client-ec2';
import { AwsError } from '../operation';
import type { Cloud } from './cloud';
import { newId } from './ids';
import type { VolumeRecord } from './records';

export interface VolumeSpec {
  readonly sizeGib: number;
  readonly type: VolumeType;
  readonly iops: number | undefined;
  readonly throughput: number | undefined;
  readonly encrypted: boolean;
  readonly kmsKeyId: string | undefined;
  readonly snapshotId: string | undefined;
}

/** Creates a volume in state `creating`; its folder is filled in the background. */
export function createVolumeRecord(cloud: Cloud, zone: string, spec: VolumeSpec, tags: Map<string, string>): VolumeRecord {
  const snapshot = spec.snapshotId === undefined ? undefined : cloud.snapshot(spec.snapshotId);
  if (snapshot && snapshot.state !== 'completed') {
    throw new AwsError('IncorrectState', `Snapshot is in invalid state - ${snapshot.state}`);
  }
  const id = newId('vol');
  const ready = cloud.deps.disks.create(id, snapshot?.blocks);
  ready.catch(cloud.deps.onDefect);
  const volume: VolumeRecord = {
    ...spec,
    id,
    seq: cloud.nextSeq(),
    createdAtMs: Date.now(),
    tags,
    zone,
    state: 'creating',
    attachment: undefined,
    lastSnapshotId: spec.snapshotId,
    ready,
  };
  cloud.volumes.set(id, volume);
  return volume;
}

/** Forgets a volume and removes its folder. */
export function removeVolume(cloud: Cloud, volume: VolumeRecord): void {
  cloud.volumes.delete(volume.id);
  // A folder that is still being filled must not come back after its removal.
  cloud.background(async () => {
    await volume.ready.catch(() => undefined);
    await cloud.deps.disks.remove(volume.id);
  });
}
