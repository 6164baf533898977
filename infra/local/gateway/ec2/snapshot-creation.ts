import type { BlockMap } from '../instances/block-store';
import type { Cloud } from './cloud';
import { newId } from './ids';
import type { SnapshotRecord, VolumeRecord } from './records';

export interface SnapshotSpec {
  readonly volumeId: string;
  readonly sizeGib: number;
  readonly description: string;
  readonly encrypted: boolean;
  readonly kmsKeyId: string | undefined;
  readonly parentId: string | undefined;
  readonly tags: Map<string, string>;
}

/** Records a pending snapshot that completes when `capture` has its blocks and the snapshot delay is over. */
export function createSnapshotRecord(cloud: Cloud, spec: SnapshotSpec, capture: () => Promise<BlockMap>): SnapshotRecord {
  const snapshot: SnapshotRecord = {
    ...spec,
    id: newId('snap'),
    seq: cloud.nextSeq(),
    createdAtMs: Date.now(),
    state: 'pending',
    completedAtMs: undefined,
    blocks: new Map(),
    captured: Promise.resolve(),
  };
  cloud.snapshots.set(snapshot.id, snapshot);
  snapshot.captured = capture().then(
    (blocks) => {
      snapshot.blocks = blocks;
    },
    (error: unknown) => {
      snapshot.state = 'error';
      cloud.deps.onDefect(error);
    },
  );
  completeAfterDelay(cloud, snapshot);
  return snapshot;
}

/** Completes a snapshot once its blocks are there and the delay is over. */
export function completeAfterDelay(cloud: Cloud, snapshot: SnapshotRecord): void {
  cloud.timers.after(cloud.deps.delays.snapshotPendingMs, () =>
    cloud.background(async () => {
      await snapshot.captured;
      if (snapshot.state !== 'pending') return;
      snapshot.state = 'completed';
      snapshot.completedAtMs = Date.now();
    }),
  );
}

/**
 * Snapshots volumes of one instance, or a free volume, as they are at this moment: the instance stands still while its
 * folders are copied; turning the copies into blocks goes on in the background.
 */
export async function snapshotVolumes(
  cloud: Cloud,
  volumes: readonly VolumeRecord[],
  about: (volume: VolumeRecord) => { readonly description: string; readonly tags: Map<string, string> },
): Promise<readonly SnapshotRecord[]> {
  await Promise.all(volumes.map((volume) => volume.ready));
  const instanceId = volumes[0]?.attachment?.instanceId;
  const staged = await cloud.deps.runner.frozen(instanceId, () =>
    Promise.all(volumes.map(async (volume) => ({ volume, folder: await cloud.deps.disks.stage(volume.id) }))),
  );
  return staged.map(({ volume, folder }) => {
    const parent = volume.lastSnapshotId === undefined ? undefined : cloud.snapshots.get(volume.lastSnapshotId);
    const { id: volumeId, sizeGib, encrypted, kmsKeyId } = volume;
    const spec = { volumeId, sizeGib, encrypted, kmsKeyId, parentId: parent?.id, ...about(volume) };
    const snapshot = createSnapshotRecord(cloud, spec, async () => {
      await parent?.captured;
      return cloud.deps.disks.captureStaged(folder, parent?.blocks);
    });
    volume.lastSnapshotId = snapshot.id;
    return snapshot;
  });
}
