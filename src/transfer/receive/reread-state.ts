import { closeSync, fstatSync } from 'node:fs';
import type { FileEntry } from '../manifest/entry';
import { openToRead, readContent } from '../manifest/read-content';
import type { StateFolder } from '../manifest/state-folder';
import { openTarget, type Target } from './target';

/** What reading everything again found. */
export interface Reread {
  readonly bytes: number;
  /** Paths whose content on disk is not what the manifest said. */
  readonly differing: readonly string[];
}

/** Differing paths that are named; more are only counted by what is sent again. */
const MOST_NAMED = 1_000;

/**
 * Reads every file of the manifest from disk again and corrects the manifest where it was wrong: what is damaged there is then told as what it is, and
 * is sent again.
 */
export async function rereadState(root: string, state: StateFolder, only: (path: string) => boolean = () => true): Promise<Reread> {
  const tree = openTarget(root);
  const update = state.begin();
  const differing: string[] = [];
  let bytes = 0;
  try {
    for (let record = update.take(); record !== null; record = update.take()) {
      if (record.entry.kind !== 'file' || !only(record.entry.path)) {
        update.put(record);
        continue;
      }
      const now = await reread(tree, record.entry, state);
      bytes += now?.bytes ?? 0;
      const same = now !== null && now.content === record.entry.content && now.bytes === record.entry.bytes;
      if (same) update.put(record);
      else if (now !== null) update.put({ entry: now, seen: null, round: state.mark().round + 1 });
      if (!same && differing.length < MOST_NAMED) differing.push(record.entry.path);
    }
  } finally {
    tree.close();
  }
  const root256 = update.finish();
  if (differing.length > 0) state.keepBroken();
  else state.commit({ ...state.mark(), root: state.mark().root === null ? null : root256 });
  return { bytes, differing };
}

async function reread(tree: Target, entry: FileEntry, state: StateFolder): Promise<FileEntry | null> {
  const fd = openToRead(() => tree.at(entry.path));
  if (fd === null) return null;
  try {
    const size = tree.isDevice ? entry.bytes : fstatSync(fd).size;
    const { content, table } = await readContent(fd, size, entry.chunking);
    if (table !== null && content !== entry.content) state.tables.save(entry.path, table);
    return { ...entry, bytes: size, content };
  } finally {
    closeSync(fd);
  }
}
