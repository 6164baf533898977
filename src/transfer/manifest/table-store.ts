import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ChunkTable, decodeTable, encodeTable } from '../chunks/chunk-table';
import { sha256Hex } from '../digest';
import type { Entry } from './entry';

/** Keeps the chunk tables of files beside the manifest, one file each, so that a round reads only those of files that changed. */
export class TableStore {
  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  /** Stores the table of that path; returns its digest, which is the entry's content. */
  save(path: string, table: ChunkTable): string {
    const bytes = encodeTable(table);
    const content = sha256Hex(bytes);
    const file = join(this.folder, tableName(path, content));
    writeFileSync(`${file}.new`, bytes, { mode: 0o600 });
    renameSync(`${file}.new`, file);
    return content;
  }

  /** The table of that path and content; null where it is not there or damaged. */
  load(path: string, content: string): ChunkTable | null {
    const bytes = this.read(path, content);
    return bytes !== null && sha256Hex(bytes) === content ? decodeTable(bytes) : null;
  }

  private read(path: string, content: string): Buffer | null {
    try {
      return readFileSync(join(this.folder, tableName(path, content)));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }

  /** Removes all tables but those of the entries. */
  keepOnly(entries: Iterable<Entry>): void {
    const kept = new Set<string>();
    for (const entry of entries) if (entry.kind === 'file' && entry.chunking !== 'whole') kept.add(tableName(entry.path, entry.content));
    for (const name of readdirSync(this.folder)) if (!kept.has(name)) rmSync(join(this.folder, name));
  }

  /** Removes one table, if it is there. */
  remove(path: string, content: string): void {
    rmSync(join(this.folder, tableName(path, content)), { force: true });
  }
}

function tableName(path: string, content: string): string {
  return `${sha256Hex(Buffer.from(path)).slice(0, 32)}-${content.slice(0, 32)}`;
}
