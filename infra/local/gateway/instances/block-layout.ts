import { BLOCK_BYTES } from './block-store';

/** Where a file lies on the disk. `reservedBlocks` leaves room to grow in place. */
export interface FileExtent {
  readonly firstBlock: number;
  readonly reservedBlocks: number;
}

/** Blocks at the start of the disk that hold the manifest. */
export const MANIFEST_BLOCKS = 16;

/** Blocks that a file of this size fills. */
export function blocksFor(bytes: number): number {
  return Math.ceil(bytes / BLOCK_BYTES);
}

/**
 * Places files on the disk. A file that still fits keeps its place of the previous snapshot, so that only the blocks
 * that really changed differ; others go to the first gap that is wide enough.
 */
export function layOut(
  sizes: ReadonlyMap<string, number>,
  previous: ReadonlyMap<string, FileExtent>,
): ReadonlyMap<string, FileExtent> {
  const placed = new Map<string, FileExtent>();
  const moving: [string, number][] = [];
  for (const [path, bytes] of sizes) {
    const before = previous.get(path);
    const needed = blocksFor(bytes);
    if (before && needed <= before.reservedBlocks) placed.set(path, before);
    else moving.push([path, needed]);
  }
  const taken = [...placed.values()].sort((a, b) => a.firstBlock - b.firstBlock);
  for (const [path, needed] of moving) {
    const extent = { firstBlock: 0, reservedBlocks: widthFor(needed) };
    const { firstBlock, at } = firstGap(taken, extent.reservedBlocks);
    const found = { ...extent, firstBlock };
    taken.splice(at, 0, found);
    placed.set(path, found);
  }
  return placed;
}

// Powers of two: a growing file moves only when it has doubled.
function widthFor(blocks: number): number {
  let width = 1;
  while (width < blocks) width *= 2;
  return width;
}

function firstGap(taken: readonly FileExtent[], width: number): { firstBlock: number; at: number } {
  let firstBlock = MANIFEST_BLOCKS;
  for (const [at, extent] of taken.entries()) {
    if (extent.firstBlock - firstBlock >= width) return { firstBlock, at };
    firstBlock = extent.firstBlock + extent.reservedBlocks;
  }
  return { firstBlock, at: taken.length };
}
