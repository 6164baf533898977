import type { ChunkTable } from '../chunks/chunk-table';
import { DIGEST_BYTES, sha256 } from '../digest';
import { hashedSegments } from '../hashing/hashed-segments';
import type { BatchWriter } from './batch-writer';
import type { SentTable } from './sent-table';

/** Sends the blocks of a file or device that differ from what is known. Blocks of zeros are told, not sent. `begin` is called before the first of it. */
export async function sendBlocks(fd: number, bytes: number, blockBytes: number, known: ChunkTable | null, begin: () => Promise<void>, batches: BatchWriter): Promise<SentTable> {
  const table = Buffer.alloc(Math.ceil(bytes / blockBytes) * DIGEST_BYTES);
  const zeroDigest = sha256(Buffer.alloc(blockBytes));
  let end = 0;
  for await (const { at, data, digests } of hashedSegments(fd, bytes, blockBytes)) {
    const from = (at / blockBytes) * DIGEST_BYTES;
    digests.copy(table, from);
    end = at + data.length;
    for (const run of changedRuns(digests, known?.digests.subarray(from, from + digests.length) ?? null, zeroDigest)) {
      await begin();
      const [first, last] = [run.from * blockBytes, Math.min(run.to * blockBytes, data.length)];
      if (!run.isZero) await batches.blocks(at + first, data.subarray(first, last), digests.subarray(run.from * DIGEST_BYTES, run.to * DIGEST_BYTES), blockBytes);
      else {
        if (!batches.hasRoom(0)) await batches.flush();
        batches.zeros(at + first, last - first);
      }
    }
  }
  return { table: { blockBytes, lengths: null, digests: table.subarray(0, Math.ceil(end / blockBytes) * DIGEST_BYTES) }, bytes: end };
}

interface Run {
  readonly from: number;
  readonly to: number;
  readonly isZero: boolean;
}

/** Runs of blocks that are not what is known, either all of zeros or none. */
function* changedRuns(digests: Buffer, known: Buffer | null, zeroDigest: Buffer): Generator<Run, void, void> {
  if (known?.equals(digests) === true) return;
  const isSame = (other: Buffer, at: number, to: number): boolean => at + DIGEST_BYTES <= other.length && digests.compare(other, at, at + DIGEST_BYTES, to, to + DIGEST_BYTES) === 0;
  let from = 0;
  let kind: 'known' | 'zeros' | 'data' = 'known';
  for (let block = 0, to = 0; to < digests.length; block += 1, to += DIGEST_BYTES) {
    const next = known !== null && isSame(known, to, to) ? 'known' : isSame(zeroDigest, 0, to) ? 'zeros' : 'data';
    if (next === kind) continue;
    if (kind !== 'known') yield { from, to: block, isZero: kind === 'zeros' };
    [from, kind] = [block, next];
  }
  if (kind !== 'known') yield { from, to: digests.length / DIGEST_BYTES, isZero: kind === 'zeros' };
}
