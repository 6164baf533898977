import { DIGEST_BYTES, sha256Text } from '../digest';
import type { ChunkTable } from './chunk-table';
import { cutContent } from './cut-content';

/** Digests of the blocks of the data, one after the other; the last block may be short. */
export function hashBlocks(data: Buffer, blockBytes: number): Buffer {
  const digests = Buffer.allocUnsafe(Math.ceil(data.length / blockBytes) * DIGEST_BYTES);
  for (let at = 0, to = 0; at < data.length; at += blockBytes, to += DIGEST_BYTES) digests.write(sha256Text(data.subarray(at, at + blockBytes)), to, 'latin1');
  return digests;
}

/** Digests of chunks of those lengths, one after the other. */
function hashLengths(data: Buffer, lengths: Iterable<number>): Buffer {
  const digests: string[] = [];
  let at = 0;
  for (const length of lengths) digests.push(sha256Text(data.subarray(at, (at += length))));
  return Buffer.from(digests.join(''), 'latin1');
}

/** Cuts a whole file by its content. */
export function contentTable(data: Buffer): ChunkTable {
  const lengths = cutContent(data);
  return { blockBytes: 0, lengths, digests: hashLengths(data, lengths) };
}
