import { constants, openSync, readSync } from 'node:fs';
import type { Chunking } from '../chunks/choose-chunking';
import { type ChunkTable, tableDigest } from '../chunks/chunk-table';
import { contentTable } from '../chunks/content-table';
import { sha256Hex } from '../digest';
import { hashedSegments } from '../hashing/hashed-segments';

/** What a file is, as told by its bytes. */
export interface ReadContent {
  readonly content: string;
  /** Null for files that are one chunk. */
  readonly table: ChunkTable | null;
}

/** Opens a file that may be gone or have become something else, for which null is returned; no link is followed, and a pipe is not waited for. */
export function openToRead(at: () => string | Buffer): number | null {
  try {
    return openSync(at(), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (['ENOENT', 'ELOOP', 'ENXIO', 'ENOTDIR', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
}

/** Reads an open file from the first to the last of its bytes and tells its content. */
export async function readContent(fd: number, bytes: number, chunking: Chunking): Promise<ReadContent> {
  if (typeof chunking !== 'number') {
    const data = readWhole(fd, bytes);
    if (chunking === 'whole') return { content: sha256Hex(data), table: null };
    return withDigest(contentTable(data));
  }
  const digests: Buffer[] = [];
  for await (const segment of hashedSegments(fd, bytes, chunking)) digests.push(Buffer.from(segment.digests));
  return withDigest({ blockBytes: chunking, lengths: null, digests: Buffer.concat(digests) });
}

function withDigest(table: ChunkTable): ReadContent {
  return { content: tableDigest(table), table };
}

function readWhole(fd: number, bytes: number): Buffer {
  const data = Buffer.allocUnsafe(bytes);
  let filled = 0;
  while (filled < bytes) {
    const read = readSync(fd, data, filled, bytes - filled, filled);
    if (read === 0) break;
    filled += read;
  }
  return data.subarray(0, filled);
}
