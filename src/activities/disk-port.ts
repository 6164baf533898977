import type { CopyOrigin, Owner } from '../contracts/migration-activities';

export interface SnapshotFacts {
  readonly snapshotId: string;
  readonly volumeId: string;
  readonly state: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** A snapshot that is `parentId` with what changed from `fromId` to `toId`, two snapshots of one volume, on top. `step` names it within the run. */
export interface SnapshotRecipe {
  readonly parentId: string;
  readonly fromId: string;
  readonly toId: string;
  /** Where these two are, if not where the snapshot is written. */
  readonly fromRegion?: string;
  readonly step: string;
}

/** Images, snapshots and volumes. What is created carries the owner's tags. */
export interface DiskPort {
  /** Image of all volumes, without a reboot; the same image again when repeated. */
  createImage(owner: Owner, instanceId: string): Promise<string>;
  image(imageId: string): Promise<{ readonly state: string; readonly snapshotByDevice: Readonly<Record<string, string>> }>;
  /** Begins to copy an image of another region with all its snapshots; the same copy again when repeated. */
  copyImage(owner: Owner, imageId: string, origin: CopyOrigin): Promise<string>;
  findOwnedImages(owner: Owner): Promise<readonly string[]>;
  deregisterImage(imageId: string): Promise<void>;
  /** One crash-consistent snapshot set of the instance's data volumes. */
  snapshotDataVolumes(owner: Owner, instanceId: string, step: string): Promise<readonly SnapshotFacts[]>;
  snapshots(snapshotIds: readonly string[]): Promise<readonly SnapshotFacts[]>;
  /** Begins to copy a snapshot of another region; the same copy again when repeated, as soon as EC2 shows it. `step` names it within the run. */
  copySnapshot(owner: Owner, snapshotId: string, origin: CopyOrigin, step: string): Promise<string>;
  findOwnedSnapshots(owner: Owner): Promise<readonly SnapshotFacts[]>;
  deleteSnapshot(snapshotId: string): Promise<void>;
  /** Bytes of the blocks that differ between two snapshots of one volume's lineage. */
  changedBytes(fromSnapshotId: string, toSnapshotId: string): Promise<number>;
  /** SHA-256 over all blocks, each verified against its own checksum on the way. */
  digest(snapshotId: string, onBlock: () => void): Promise<string>;
  /** Writes a snapshot block by block, each verified on its way; the same snapshot again when repeated. Answers its id when it is sealed, which is before it is completed. */
  writeSnapshot(owner: Owner, recipe: SnapshotRecipe, onBlock: (writtenBytes: number) => void): Promise<string>;
  createVolume(owner: Owner, snapshotId: string, zone: string, step: string): Promise<string>;
  volumeState(volumeId: string): Promise<string>;
  describeVolumes(volumeIds: readonly string[]): Promise<readonly { readonly volumeId: string; readonly sizeGiB: number; readonly volumeType: string }[]>;
  attach(volumeId: string, instanceId: string, device: string): Promise<void>;
  detach(volumeId: string): Promise<void>;
  deleteVolume(volumeId: string): Promise<void>;
  /** The run's volumes that no instance holds. */
  findOwnedFreeVolumes(owner: Owner): Promise<readonly string[]>;
}
