import { DIGEST_BYTES, sha256 } from '../digest';
import type { ChunkTable } from './chunk-table';
import { cutContent } from './cut-content';

/** Digests of the blocks of the data, one after the other; the last block may be short. */
export function hashBlocks(data: Buffer, blockBytes: number): Buffer {
  const digests = Buffer.allocUnsafe(Math.ceil(data.length / blockBytes) * DIGEST_BYTES);
  for (let at = 0, to = 0; at < data.length; at += blockBytes, to += DIGEST_BYTES) sha256(data.subarray(at, at + blockBytes)).copy(digests, to);
  return digests;
}

/** Digests of chunks of those lengths, one after the other. */
export function hashLengths(data: Buffer, lengths: Iterable<number>): Buffer {
  const digests: Buffer[] = [];
  let at = 0;
  for (const length of lengths) digests.push(sha256(data.subarray(at, (at += length))));
  return Buffer.concat(digests);
}

/** Cuts a whole file by its content. */
export function contentTable(data: Buffer): ChunkTable {
  const lengths = cutContent(data);
  return { blockBytes: 0, lengths, digests: hashLengths(data, lengths) };
}
