import type { Chunking } from '../chunks/choose-chunking';
import { sha256Hex } from '../digest';

/** Owner, permissions and time of change. Times are whole microseconds: what Node can set. Folders carry no time. */
export interface Attributes {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtimeUs: number;
}

/**
 * What a path of the state is. Paths are relative, their parts separated by `/`, each character one byte (latin1), so that
 * every name of the file system can be told. `content` is the digest in hex of the file's bytes, or of its table of chunks.
 */
export type Entry =
  | { readonly kind: 'folder'; readonly path: string; readonly attributes: Attributes }
  | { readonly kind: 'file'; readonly path: string; readonly attributes: Attributes; readonly bytes: number; readonly chunking: Chunking; readonly content: string }
  | { readonly kind: 'symlink'; readonly path: string; readonly attributes: Attributes; readonly target: string }
  | { readonly kind: 'link'; readonly path: string; readonly to: string };

export type FileEntry = Extract<Entry, { kind: 'file' }>;

/** What a side knows of an entry: the entry, how its file looked when it was read (null: read it again), and the round that touched it. */
export interface ManifestRecord {
  readonly entry: Entry;
  readonly seen: Seen | null;
  readonly round: number;
}

/** A file that looks the same has not been changed since: size, times and inode in one string. */
export interface Seen {
  readonly look: string;
  readonly ctimeMs: number;
}

/** The entry as one string, the same on both sides. */
export function entryText(entry: Entry): string {
  switch (entry.kind) {
    case 'folder':
      return JSON.stringify([entry.path, 'folder', entry.attributes.mode, entry.attributes.uid, entry.attributes.gid]);
    case 'file':
      return JSON.stringify([entry.path, 'file', ...attributeList(entry.attributes), entry.bytes, entry.chunking, entry.content]);
    case 'symlink':
      return JSON.stringify([entry.path, 'symlink', entry.attributes.uid, entry.attributes.gid, entry.target]);
    case 'link':
      return JSON.stringify([entry.path, 'link', entry.to]);
  }
}

/** Whether both are the same state. */
export function sameEntry(a: Entry, b: Entry): boolean {
  return entryText(a) === entryText(b);
}

/** SHA-256 of the entry, in hex. */
export function entryDigest(entry: Entry): string {
  return sha256Hex(entryText(entry));
}

function attributeList({ mode, uid, gid, mtimeUs }: Attributes): number[] {
  return [mode, uid, gid, mtimeUs];
}
