import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Size of a block of the EBS direct APIs. */
export const BLOCK_BYTES = 524_288;

/** The written blocks of a disk by index, each named by the SHA-256 of its content; an absent block is all zeros. */
export type BlockMap = ReadonlyMap<number, string>;

/** Keeps blocks by their content: equal blocks of any number of snapshots exist once. */
export class BlockStore {
  private lastTemporary = 0;

  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true });
  }

  /** Stores a full block and returns its SHA-256 in hex. */
  async put(block: Buffer): Promise<string> {
    const digest = createHash('sha256').update(block).digest('hex');
    const path = join(this.folder, digest);
    if (await exists(path)) return digest;
    // Under its final name a block is always complete, even when two writers meet.
    const temporary = `${path}.${++this.lastTemporary}`;
    await writeFile(temporary, block.subarray(0, lengthWithoutPadding(block)));
    await rename(temporary, path);
    return digest;
  }

  /** The full block of that digest. */
  async get(digest: string): Promise<Buffer> {
    const stored = await readFile(join(this.folder, digest));
    const block = Buffer.alloc(BLOCK_BYTES);
    stored.copy(block);
    return block;
  }
}

// Small files would otherwise take half a mebibyte each on the real disk.
function lengthWithoutPadding(block: Buffer): number {
  let length = block.length;
  while (length > 0 && block[length - 1] === 0) length -= 1;
  return length;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
