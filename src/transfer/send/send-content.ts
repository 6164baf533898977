import { read } from 'node:fs';
import { promisify } from 'node:util';
import { type ChunkTable, chunkCount, digestAt } from '../chunks/chunk-table';
import { contentTable } from '../chunks/content-table';
import type { BatchWriter } from './batch-writer';
import type { SentTable } from './sent-table';

const readFrom = promisify(read);

/** Sends a file that is cut by its content: chunks that the earlier content has, wherever, are named and not sent. `begin` is called before the first of it, and not at all where nothing changed. */
export async function sendContent(fd: number, bytes: number, known: ChunkTable | null, begin: () => Promise<void>, batches: BatchWriter): Promise<SentTable> {
  const data = await readWhole(fd, bytes);
  const table = contentTable(data);
  if (known !== null && known.digests.equals(table.digests)) return { table, bytes: data.length };
  await begin();
  const offsets = known === null ? new Map<string, number>() : offsetsOf(known);
  let at = 0;
  for (let i = 0; i < chunkCount(table); i++) {
    const length = table.lengths?.[i] as number;
    const digest = digestAt(table, i);
    const from = offsets.get(digest.toString('latin1'));
    if (!batches.hasRoom(length)) await batches.flush();
    if (from === undefined) batches.chunk(data.subarray(at, at + length), digest);
    else batches.keep(from, length);
    at += length;
  }
  return { table, bytes: data.length };
}

function offsetsOf(table: ChunkTable): Map<string, number> {
  const offsets = new Map<string, number>();
  let at = 0;
  for (let i = 0; i < chunkCount(table); i++) {
    offsets.set(digestAt(table, i).toString('latin1'), at);
    at += table.lengths?.[i] as number;
  }
  return offsets;
}

async function readWhole(fd: number, bytes: number): Promise<Buffer> {
  const data = Buffer.allocUnsafe(bytes);
  let filled = 0;
  while (filled < bytes) {
    const { bytesRead } = await readFrom(fd, data, filled, bytes - filled, filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return data.subarray(0, filled);
}
