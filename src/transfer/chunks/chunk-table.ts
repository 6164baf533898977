import { DIGEST_BYTES, sha256Hex } from '../digest';

/** The digests of a file's chunks, in order. `lengths` is null where all chunks but the last have `blockBytes`. */
export interface ChunkTable {
  readonly blockBytes: number;
  readonly lengths: Uint32Array | null;
  readonly digests: Buffer;
}

/** The digest of a chunk of which nothing is known; SHA-256 does not give it for anything that could be met. */
const UNKNOWN_DIGEST = Buffer.alloc(DIGEST_BYTES);

/** Chunks of the table. */
export function chunkCount(table: ChunkTable): number {
  return table.digests.length / DIGEST_BYTES;
}

/** Digest of one chunk; the unknown digest beyond the end. */
export function digestAt(table: ChunkTable, index: number): Buffer {
  const from = index * DIGEST_BYTES;
  return from < table.digests.length ? table.digests.subarray(from, from + DIGEST_BYTES) : UNKNOWN_DIGEST;
}

/** The table as bytes: block size, number of chunks, lengths where they differ, digests. */
export function encodeTable(table: ChunkTable): Buffer {
  const count = chunkCount(table);
  const head = Buffer.alloc(8 + (table.lengths === null ? 0 : 4 * count));
  head.writeUInt32LE(table.lengths === null ? table.blockBytes : 0, 0);
  head.writeUInt32LE(count, 4);
  table.lengths?.forEach((length, i) => head.writeUInt32LE(length, 8 + 4 * i));
  return Buffer.concat([head, table.digests]);
}

/** Reads a table; null where the bytes are none. */
export function decodeTable(bytes: Buffer): ChunkTable | null {
  if (bytes.length < 8) return null;
  const blockBytes = bytes.readUInt32LE(0);
  const count = bytes.readUInt32LE(4);
  const lengthBytes = blockBytes === 0 ? 4 * count : 0;
  if (bytes.length !== 8 + lengthBytes + DIGEST_BYTES * count) return null;
  const lengths = blockBytes === 0 ? Uint32Array.from({ length: count }, (_, i) => bytes.readUInt32LE(8 + 4 * i)) : null;
  return { blockBytes, lengths, digests: bytes.subarray(8 + lengthBytes) };
}

/** What names a file's content: the digest of its table, and so of every chunk. */
export function tableDigest(table: ChunkTable): string {
  return sha256Hex(encodeTable(table));
}
