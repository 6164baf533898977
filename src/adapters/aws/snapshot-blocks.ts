import { createHash } from 'node:crypto';
import { paginateListChangedBlocks, paginateListSnapshotBlocks } from '@aws-sdk/client-ebs';
import type { EBSClient } from '@aws-sdk/client-ebs';
import { readBlock } from './snapshot-block';
import { callAws } from './translate-error';

/** Blocks read at once: EBS direct allows 1,000 GetSnapshotBlock a second, and memory stays at a few MiB. */
const PARALLEL_READS = 8;

/** Bytes of the blocks that differ between two snapshots of one lineage (EBS direct ListChangedBlocks). */
export async function changedBytes(ebs: EBSClient, fromSnapshotId: string, toSnapshotId: string): Promise<number> {
  return callAws(`compare ${fromSnapshotId} with ${toSnapshotId}`, async () => {
    let bytes = 0;
    for await (const page of paginateListChangedBlocks({ client: ebs }, { FirstSnapshotId: fromSnapshotId, SecondSnapshotId: toSnapshotId })) {
      bytes += (page.ChangedBlocks?.length ?? 0) * (page.BlockSize ?? 0);
    }
    return bytes;
  });
}

/**
 * SHA-256 over (index, SHA-256) of every block that is not all zeros, in order. Each block is read and held against the checksum that EBS
 * states for it, so that two equal digests mean equal content. Throws `VerificationFailed` where a block is corrupt.
 */
export async function digestSnapshot(ebs: EBSClient, snapshotId: string, onBlock: () => void): Promise<string> {
  return callAws(`read ${snapshotId}`, async () => {
    const whole = createHash('sha256');
    for await (const page of paginateListSnapshotBlocks({ client: ebs }, { SnapshotId: snapshotId })) {
      const blocks = page.Blocks ?? [];
      for (let at = 0; at < blocks.length; at += PARALLEL_READS) {
        const read = await Promise.all(
          blocks.slice(at, at + PARALLEL_READS).map(async ({ BlockIndex, BlockToken }) => {
            const { bytes, checksum } = await readBlock(ebs, snapshotId, BlockIndex ?? -1, BlockToken);
            onBlock();
            // A block that is not there reads as zeros, and one that was made empty may be either.
            return isZero(bytes) ? '' : `${BlockIndex ?? -1}:${checksum}\n`;
          }),
        );
        for (const line of read) whole.update(line);
      }
    }
    return whole.digest('hex');
  });
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}
