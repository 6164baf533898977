import { DIGEST_BYTES } from '../digest';
import type { HashBuffers } from './hash-task';
import { type Hashed, hashThreads } from './hash-threads';

/** A piece of a file with the digests of its blocks. Both are good until the next piece is asked for. */
export interface HashedSegment {
  readonly at: number;
  readonly data: Buffer;
  readonly digests: Buffer;
}

/** Long enough that telling a thread of it costs little, short enough that some are under way at once in little memory. */
const SEGMENT_BYTES = 1024 * 1024;

/** Reads a file or device from the first to the last of its bytes, pieces at once in several threads, and gives them in order. Ends earlier where the file has become shorter. */
export async function* hashedSegments(fd: number, bytes: number, blockBytes: number): AsyncGenerator<HashedSegment, void, void> {
  const segmentBytes = Math.ceil(SEGMENT_BYTES / blockBytes) * blockBytes;
  const underway: { readonly at: number; readonly wanted: number; readonly hashed: Promise<Hashed> }[] = [];
  let begun = 0;
  const begin = (buffers: HashBuffers): void => {
    if (begun >= bytes) return;
    const [at, wanted] = [begun, Math.min(segmentBytes, bytes - begun)];
    const hashed = hashThreads.run({ fd, at, bytes: wanted, blockBytes, buffers });
    // What is abandoned midway must not be reported as an error of nobody.
    hashed.catch(() => undefined);
    underway.push({ at, wanted, hashed });
    begun += wanted;
  };
  try {
    for (let i = 0; i <= hashThreads.count && begun < bytes; i++) begin({ data: new ArrayBuffer(segmentBytes), digests: new ArrayBuffer((segmentBytes / blockBytes) * DIGEST_BYTES) });
    for (let next = underway.shift(); next !== undefined; next = underway.shift()) {
      const { bytes: read, buffers } = await next.hashed;
      if (read > 0) yield { at: next.at, data: Buffer.from(buffers.data, 0, read), digests: Buffer.from(buffers.digests, 0, Math.ceil(read / blockBytes) * DIGEST_BYTES) };
      if (read < next.wanted) return;
      begin(buffers);
    }
  } finally {
    // The caller closes the file next: nobody may read from it any more.
    await Promise.allSettled(underway.map(({ hashed }) => hashed));
  }
}
