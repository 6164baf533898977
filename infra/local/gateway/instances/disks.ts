import { mkdirSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { BlockStore, type BlockMap } from './block-store';
import { copyTree } from './copy-tree';
import { captureFolder, restoreFolder } from './disk-image';

/** The folders behind the volumes and the blocks behind the snapshots. */
export class Disks {
  readonly blocks: BlockStore;
  private readonly volumes: string;
  private readonly staging: string;
  private lastStage = 0;

  constructor(dataDir: string) {
    this.blocks = new BlockStore(join(dataDir, 'blocks'));
    this.volumes = join(dataDir, 'volumes');
    this.staging = join(dataDir, 'staging');
    mkdirSync(this.volumes, { recursive: true });
    mkdirSync(this.staging, { recursive: true });
  }

  folderOf(volumeId: string): string {
    return join(this.volumes, volumeId);
  }

  /** Makes the folder of a volume, filled from the blocks when there are any. */
  async create(volumeId: string, blocks: BlockMap | undefined): Promise<void> {
    const folder = this.folderOf(volumeId);
    if (blocks) await restoreFolder(blocks, this.blocks, folder);
    else await mkdir(folder, { recursive: true });
  }

  async remove(volumeId: string): Promise<void> {
    await rm(this.folderOf(volumeId), { recursive: true, force: true });
  }

  /** Copies a volume as it is now; quick, so that its instance need not stand still for long. */
  async stage(volumeId: string): Promise<string> {
    const folder = join(this.staging, String(++this.lastStage));
    await copyTree(this.folderOf(volumeId), folder);
    return folder;
  }

  /** Turns a staged copy into blocks and removes it. */
  async captureStaged(folder: string, previous: BlockMap | undefined): Promise<BlockMap> {
    try {
      return await captureFolder(folder, this.blocks, previous);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}
