import { closeSync, readSync } from 'node:fs';
import { chooseChunking, type Chunking } from '../chunks/choose-chunking';
import { sha256Hex } from '../digest';
import { WHOLE_FILE_BYTES } from '../limits';
import type { Attributes, FileEntry, ManifestRecord } from '../manifest/entry';
import { openToRead } from '../manifest/read-content';
import type { TableStore } from '../manifest/table-store';
import type { Act } from '../wire/acts';
import type { BatchWriter } from './batch-writer';
import { sendBlocks } from './send-blocks';
import { sendContent } from './send-content';

/** A file to be read: where, what it is called, and how long it was when it was looked at. */
export interface FileToSend {
  readonly path: string;
  readonly at: string | Buffer;
  readonly attributes: Attributes;
  readonly bytes: number;
  readonly isDevice: boolean;
}

/** What a file's transfer came to. `entry` is what the peer then has; null where the file is gone. */
export interface SentFile {
  readonly entry: FileEntry | null;
  readonly readBytes: number;
  readonly changed: boolean;
}

/**
 * Reads a file and sends what the peer does not have of it. What the peer has tells `known`; no more than `bytes` are read, as what
 * is appended meanwhile belongs to the next round.
 */
export async function sendFile(file: FileToSend, known: ManifestRecord | null, tables: TableStore, batches: BatchWriter): Promise<SentFile> {
  const fd = openToRead(() => file.at);
  if (fd === null) return { entry: null, readBytes: 0, changed: false };
  try {
    const before = known?.entry.kind === 'file' ? known.entry : null;
    const chunking = chooseChunking(file.bytes, before?.chunking ?? null, file.isDevice);
    return chunking === 'whole' ? await sendWhole(fd, file, before, batches) : await sendChunks(fd, file, chunking, before, tables, batches);
  } finally {
    closeSync(fd);
  }
}

const wholeFile = Buffer.allocUnsafe(WHOLE_FILE_BYTES);

async function sendWhole(fd: number, file: FileToSend, before: FileEntry | null, batches: BatchWriter): Promise<SentFile> {
  const data = wholeFile.subarray(0, file.bytes === 0 ? 0 : readSync(fd, wholeFile, 0, file.bytes, 0));
  const entry: FileEntry = { kind: 'file', path: file.path, attributes: file.attributes, bytes: data.length, chunking: 'whole', content: sha256Hex(data) };
  if (before?.chunking === 'whole' && before.content === entry.content) return { ...attributesOnly(entry, before, batches), readBytes: data.length };
  if (!batches.hasRoom(data.length)) {
    // The buffer is one for all: it may not be waited for with data in it.
    const copy = Buffer.from(data);
    await batches.flush();
    batches.put(entry, copy);
  } else batches.put(entry, data);
  return { entry, readBytes: data.length, changed: true };
}

async function sendChunks(fd: number, file: FileToSend, chunking: Exclude<Chunking, 'whole'>, before: FileEntry | null, tables: TableStore, batches: BatchWriter): Promise<SentFile> {
  const known = before?.chunking === chunking ? tables.load(file.path, before.content) : null;
  const open: Act = { act: 'open', path: file.path, chunking, fresh: known === null };
  let opened = false;
  const begin = async (): Promise<void> => {
    if (opened) return;
    opened = true;
    if (!batches.hasRoom(0)) await batches.flush();
    batches.add(open);
  };
  const { table, bytes } = chunking === 'content' ? await sendContent(fd, file.bytes, known, begin, batches) : await sendBlocks(fd, file.bytes, chunking, known, begin, batches);
  const entry = { kind: 'file', path: file.path, attributes: file.attributes, bytes, chunking, content: tables.save(file.path, table) } as const;
  if (!opened && before !== null && before.content === entry.content && before.bytes === bytes) return { ...attributesOnly(entry, before, batches), readBytes: bytes };
  await begin();
  if (!batches.hasRoom(0)) await batches.flush();
  batches.add({ act: 'close', entry });
  return { entry, readBytes: bytes, changed: true };
}

function attributesOnly(entry: FileEntry, before: FileEntry, batches: BatchWriter): { readonly entry: FileEntry; readonly changed: boolean } {
  const same = JSON.stringify(entry.attributes) === JSON.stringify(before.attributes);
  if (!same) batches.add({ act: 'set', entry });
  return { entry, changed: !same };
}
