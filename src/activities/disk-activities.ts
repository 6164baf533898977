import { businessFailure, retryableFailure } from '../contracts/errors';
import type { MigrationActivities, VolumeDelta } from '../contracts/migration-activities';
import type { ComputePort, InstanceFacts } from './compute-port';
import type { DiskPort } from './disk-port';
import { seenYet } from './seen-yet';

type DiskActivities = Pick<
  MigrationActivities,
  'createImage' | 'awaitImage' | 'deleteImages' | 'snapshotSource' | 'awaitSnapshots' | 'measureDelta' | 'writeBlocks' | 'replaceVolumes' | 'digestContent' | 'verifyContent'
>;

export interface DiskDependencies {
  readonly disks: DiskPort;
  readonly compute: ComputePort;
  /** Tells Temporal that a long read is alive. */
  readonly heartbeat: (at: string) => void;
  /** Ends an act that takes long where it was cancelled: its undo waits for it. */
  readonly throwIfCancelled: () => void;
}

/** Images, snapshots and volumes of source and shadow. */
export function createDiskActivities({ disks, compute, heartbeat, throwIfCancelled }: DiskDependencies): DiskActivities {
  return {
    async createImage({ owner, source }) {
      return { imageId: await disks.createImage(owner, source.instanceId) };
    },
    async awaitImage({ imageId }) {
      const { state } = await seenYet(imageId, disks.image(imageId));
      if (state === 'failed' || state === 'error') throw businessFailure('VerificationFailed', `image ${imageId} failed`);
      if (state !== 'available') throw retryableFailure('NotReadyYet', `image ${imageId} is ${state}`);
    },
    async deleteImages({ owner }) {
      for (const imageId of await disks.findOwnedImages(owner)) await disks.deregisterImage(imageId);
      for (const { snapshotId } of await disks.findOwnedSnapshots(owner)) await disks.deleteSnapshot(snapshotId);
    },
    async snapshotSource({ owner, source, round }) {
      const snapshots = await disks.snapshotDataVolumes(owner, source.instanceId, `sync-${round}`);
      return source.dataVolumes.map(({ device, volumeId }) => {
        const snapshot = snapshots.find((candidate) => candidate.volumeId === volumeId);
        if (snapshot === undefined) throw businessFailure('Conflict', `volume ${volumeId} (${device}) is no longer attached to ${source.instanceId}`);
        return { device, sourceVolumeId: volumeId, snapshotId: snapshot.snapshotId, changedBytes: 0 };
      });
    },
    async awaitSnapshots({ snapshotIds }) {
      for (const { snapshotId, state } of await seenYet(snapshotIds.join(', '), disks.snapshots(snapshotIds))) {
        if (state === 'error') throw businessFailure('VerificationFailed', `snapshot ${snapshotId} failed`);
        if (state !== 'completed') throw retryableFailure('NotReadyYet', `snapshot ${snapshotId} is ${state}`);
      }
    },
    async measureDelta({ imageId, deltas, previous }) {
      const { snapshotByDevice } = await disks.image(imageId);
      return Promise.all(
        deltas.map(async (delta): Promise<VolumeDelta> => {
          const held = heldFor(delta, previous, imageId, snapshotByDevice);
          return { ...delta, changedBytes: await disks.changedBytes(held, delta.snapshotId), sinceSnapshotId: held };
        }),
      );
    },
    async writeBlocks({ owner, imageId, deltas, previous, round, fromRegion }) {
      const { snapshotByDevice } = await disks.image(imageId);
      const written: VolumeDelta[] = [];
      for (const delta of deltas) {
        const parentId = heldFor(delta, previous, imageId, snapshotByDevice);
        const { device, snapshotId: toId, sinceSnapshotId: fromId = parentId } = delta;
        const onBlock = (bytes: number): void => {
          heartbeat(`${device}: ${bytes} of ${delta.changedBytes} bytes`);
          throwIfCancelled();
        };
        // A device on which nothing changed keeps what it has.
        const snapshotId = delta.changedBytes === 0 ? parentId : await disks.writeSnapshot(owner, { parentId, fromId, toId, step: `blocks-${round}-${device}`, ...(fromRegion === undefined ? {} : { fromRegion }) }, onBlock);
        written.push({ ...delta, snapshotId });
      }
      return written;
    },
    async replaceVolumes({ owner, instanceId, zone, deltas, round }) {
      for (const delta of deltas.filter(({ changedBytes }) => changedBytes > 0)) {
        await replaceVolume(disks, await compute.describe(instanceId), delta, { owner, zone, step: `volume-${round}-${delta.device}` });
        heartbeat(delta.device);
      }
      // Only when all are attached, and also what an attempt detached whose answer was lost: older states that nobody needs.
      for (const left of await disks.findOwnedFreeVolumes(owner)) await disks.deleteVolume(left);
    },
    async digestContent({ deltas }) {
      const digests: Record<string, string> = {};
      for (const { device, snapshotId } of deltas) digests[device] = await disks.digest(snapshotId, () => heartbeat(device));
      return { digests };
    },
    async verifyContent({ owner, instanceId, deltas, digests: known = {} }) {
      const shadow = await compute.describe(instanceId);
      const copies = await disks.snapshotDataVolumes(owner, instanceId, 'verify');
      const unfinished = copies.find(({ state }) => state !== 'completed');
      if (unfinished !== undefined) throw retryableFailure('NotReadyYet', `snapshot ${unfinished.snapshotId} is ${unfinished.state}`);
      const digests: Record<string, string> = {};
      for (const { device, snapshotId } of deltas) {
        const volumeId = shadow.volumes.find((volume) => volume.device === device)?.volumeId;
        const copy = copies.find((candidate) => candidate.volumeId === volumeId);
        if (copy === undefined) throw businessFailure('VerificationFailed', `the shadow has no volume on ${device}`);
        const wanted = known[device] ?? (await disks.digest(snapshotId, () => heartbeat(device)));
        const found = await disks.digest(copy.snapshotId, () => heartbeat(device));
        if (wanted !== found) throw businessFailure('VerificationFailed', `content of ${device} differs: ${wanted.slice(0, 12)} on the source, ${found.slice(0, 12)} on the shadow`);
        digests[device] = found;
      }
      return { digests };
    },
  };
}

/** The snapshot whose state a device has: of the round before, at first of the image. */
function heldFor({ device }: VolumeDelta, previous: readonly VolumeDelta[], imageId: string, ofImage: Readonly<Record<string, string>>): string {
  const held = previous.find((earlier) => earlier.device === device)?.snapshotId ?? ofImage[device];
  if (held === undefined) throw businessFailure('VerificationFailed', `image ${imageId} has no snapshot of ${device}`);
  return held;
}

/** Repeatable at any point: the new volume comes by its token, and each step is skipped where it is done. */
async function replaceVolume(disks: DiskPort, shadow: InstanceFacts, delta: VolumeDelta, made: { owner: Parameters<DiskPort['createVolume']>[0]; zone: string; step: string }): Promise<void> {
  const fresh = await disks.createVolume(made.owner, delta.snapshotId, made.zone, made.step);
  const attached = shadow.volumes.find((volume) => volume.device === delta.device)?.volumeId;
  if (attached === fresh) return;
  if (attached !== undefined) await disks.detach(attached);
  if ((await seenYet(fresh, disks.volumeState(fresh))) !== 'available' || (attached !== undefined && (await disks.volumeState(attached)) !== 'available')) {
    throw retryableFailure('NotReadyYet', `volumes of ${delta.device} are on their way`);
  }
  await disks.attach(fresh, shadow.instanceId, delta.device);
}
