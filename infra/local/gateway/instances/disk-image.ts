import { chmod, mkdir, open, readdir, readlink, stat, symlink, truncate } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { layOut, MANIFEST_BLOCKS, blocksFor, type FileExtent } from './block-layout';
import { BLOCK_BYTES, type BlockMap, type BlockStore } from './block-store';
import { ignoreVanished } from './copy-tree';

interface Entry {
  readonly path: string;
  readonly kind: 'folder' | 'file' | 'link';
  readonly mode?: number;
  readonly size?: number;
  readonly target?: string;
  readonly extent?: FileExtent;
}

const FORMAT = 'foreshift-disk-1';

/**
 * Turns a folder into the blocks of a disk: a manifest in the first blocks, then the files, each on its own blocks.
 * The same tree on the same previous blocks gives the same blocks.
 */
export async function captureFolder(folder: string, store: BlockStore, previous?: BlockMap): Promise<BlockMap> {
  const found = await list(folder, '');
  const sizes = new Map(found.filter((entry) => entry.kind === 'file').map((entry) => [entry.path, entry.size ?? 0]));
  const before = new Map<string, FileExtent>();
  for (const entry of (previous && (await readManifest(previous, store))) ?? []) {
    if (entry.extent) before.set(entry.path, entry.extent);
  }
  const extents = layOut(sizes, before);
  const blocks = new Map<number, string>();
  const entries: Entry[] = [];
  for (const entry of found) {
    const extent = extents.get(entry.path);
    if (!extent) entries.push(entry);
    else if (await captureFile(join(folder, entry.path), entry.size ?? 0, extent, store, blocks)) entries.push({ ...entry, extent });
  }
  await writeManifest(entries, store, blocks);
  return blocks;
}

/** Writes the files of a disk into a folder; a disk without a manifest becomes the one file `disk.img`. */
export async function restoreFolder(blocks: BlockMap, store: BlockStore, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const entries = await readManifest(blocks, store);
  if (!entries) {
    const last = Math.max(-1, ...blocks.keys());
    if (last >= 0) await restoreFile(join(folder, 'disk.img'), (last + 1) * BLOCK_BYTES, 0, blocks, store);
    return;
  }
  for (const entry of entries) {
    const path = join(folder, entry.path);
    if (entry.kind === 'folder') await mkdir(path, { recursive: true });
    else if (entry.kind === 'link') await symlink(entry.target ?? '', path);
    else await restoreFile(path, entry.size ?? 0, entry.extent?.firstBlock ?? 0, blocks, store);
    if (entry.mode !== undefined) await chmod(path, entry.mode);
  }
}

async function list(root: string, relative: string): Promise<Entry[]> {
  const found: Entry[] = [];
  const children = (await readdir(join(root, relative), { withFileTypes: true }).catch(ignoreVanished)) ?? [];
  for (const child of children.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(relative, child.name);
    if (child.isSymbolicLink()) {
      const target = await readlink(join(root, path)).catch(ignoreVanished);
      if (target !== undefined) found.push({ path, kind: 'link', target });
      continue;
    }
    const status = await stat(join(root, path)).catch(ignoreVanished);
    if (!status) continue;
    const mode = status.mode & 0o7777;
    if (child.isDirectory()) found.push({ path, kind: 'folder', mode }, ...(await list(root, path)));
    else if (child.isFile()) found.push({ path, kind: 'file', mode, size: status.size });
  }
  return found;
}

/** Stores the blocks of one file; false when it vanished. */
async function captureFile(
  path: string,
  size: number,
  extent: FileExtent,
  store: BlockStore,
  blocks: Map<number, string>,
): Promise<boolean> {
  const file = await open(path, 'r').catch(ignoreVanished);
  if (!file) return false;
  try {
    for (let at = 0; at < blocksFor(size); at += 1) {
      const block = Buffer.alloc(BLOCK_BYTES);
      const wanted = Math.min(BLOCK_BYTES, size - at * BLOCK_BYTES);
      await file.read(block, 0, wanted, at * BLOCK_BYTES);
      if (!isZero(block)) blocks.set(extent.firstBlock + at, await store.put(block));
    }
  } finally {
    await file.close();
  }
  return true;
}

async function restoreFile(path: string, size: number, firstBlock: number, blocks: BlockMap, store: BlockStore): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, 'w');
  try {
    for (let at = 0; at < blocksFor(size); at += 1) {
      const digest = blocks.get(firstBlock + at);
      if (digest === undefined) continue;
      const length = Math.min(BLOCK_BYTES, size - at * BLOCK_BYTES);
      await file.write(await store.get(digest), 0, length, at * BLOCK_BYTES);
    }
  } finally {
    await file.close();
  }
  await truncate(path, size);
}

async function writeManifest(entries: readonly Entry[], store: BlockStore, blocks: Map<number, string>): Promise<void> {
  const text = Buffer.from(JSON.stringify({ format: FORMAT, entries }), 'utf8');
  if (blocksFor(text.length) > MANIFEST_BLOCKS) throw new Error('The disk has too many files for its manifest');
  for (let at = 0; at < blocksFor(text.length); at += 1) {
    const block = Buffer.alloc(BLOCK_BYTES);
    text.copy(block, 0, at * BLOCK_BYTES);
    blocks.set(at, await store.put(block));
  }
}

/** The entries of a disk; undefined when it was not made from a folder. */
async function readManifest(blocks: BlockMap, store: BlockStore): Promise<readonly Entry[] | undefined> {
  const parts: Buffer[] = [];
  for (let at = 0; at < MANIFEST_BLOCKS; at += 1) {
    const digest = blocks.get(at);
    if (digest === undefined) break;
    parts.push(await store.get(digest));
  }
  const text = Buffer.concat(parts);
  const end = text.indexOf(0);
  const json = text.subarray(0, end < 0 ? text.length : end).toString('utf8');
  if (!json.startsWith(`{"format":"${FORMAT}"`)) return undefined;
  return (JSON.parse(json) as { entries: Entry[] }).entries;
}

const ZERO_BLOCK = Buffer.alloc(BLOCK_BYTES);

function isZero(block: Buffer): boolean {
  return block.equals(ZERO_BLOCK);
}
