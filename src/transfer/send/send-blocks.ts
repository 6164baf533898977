import { read } from 'node:fs';
import { promisify } from 'node:util';
import type { ChunkTable } from '../chunks/chunk-table';
import { DIGEST_BYTES, sha256Text } from '../digest';
import { BATCH_BYTES } from '../limits';
import type { BatchWriter } from './batch-writer';
import type { SentTable } from './sent-table';

const readFrom = promisify(read);

/** Sends the blocks of a file or device that differ from what is known. Blocks of zeros are told, not sent. `begin` is called before the first of it. */
export async function sendBlocks(fd: number, bytes: number, blockBytes: number, known: ChunkTable | null, begin: () => Promise<void>, batches: BatchWriter): Promise<SentTable> {
  const digests = Buffer.alloc(Math.ceil(bytes / blockBytes) * DIGEST_BYTES);
  const zeroDigest = sha256Text(Buffer.alloc(blockBytes));
  let at = 0;
  for await (const data of segments(fd, bytes)) {
    for (let from = 0; from < data.length; from += blockBytes) {
      const block = data.subarray(from, from + blockBytes);
      const digest = sha256Text(block);
      const to = ((at + from) / blockBytes) * DIGEST_BYTES;
      digests.write(digest, to, 'latin1');
      if (known !== null && to < known.digests.length && known.digests.compare(digests, to, to + DIGEST_BYTES, to, to + DIGEST_BYTES) === 0) continue;
      await begin();
      const isZero = digest === zeroDigest;
      if (!batches.hasRoom(isZero ? 0 : block.length)) await batches.flush();
      if (isZero) batches.zeros(at + from, block.length);
      else batches.block(at + from, block, digest);
    }
    at += data.length;
  }
  return { table: { blockBytes, lengths: null, digests: digests.subarray(0, Math.ceil(at / blockBytes) * DIGEST_BYTES) }, bytes: at };
}

// While one segment is looked at, the next is being read.
async function* segments(fd: number, bytes: number): AsyncGenerator<Buffer, void, void> {
  const buffers = [Buffer.allocUnsafe(BATCH_BYTES), Buffer.allocUnsafe(BATCH_BYTES)] as const;
  let at = 0;
  let ahead = readSegment(fd, buffers[0], at, bytes);
  for (let turn = 1; ; turn++) {
    const data = await ahead;
    at += data.length;
    const ended = data.length < BATCH_BYTES;
    if (!ended) ahead = readSegment(fd, buffers[turn % 2] as Buffer, at, bytes);
    // What is abandoned midway must not be reported as an error of nobody.
    ahead.catch(() => undefined);
    if (data.length > 0) yield data;
    if (ended) return;
  }
}

async function readSegment(fd: number, buffer: Buffer, at: number, end: number): Promise<Buffer> {
  const wanted = Math.min(buffer.length, end - at);
  let filled = 0;
  while (filled < wanted) {
    const { bytesRead } = await readFrom(fd, buffer, filled, wanted - filled, at + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}
