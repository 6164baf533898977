import { closeSync } from 'node:fs';
import { chooseChunking } from '../chunks/choose-chunking';
import { openToRead, readContent } from '../manifest/read-content';
import type { StateFolder } from '../manifest/state-folder';
import { attributesOf, lookOf } from '../walk/look-of';
import { walkTree } from '../walk/walk-tree';

/** The records of what stands below a root of which nothing is known yet: a shadow made from an image has most of its state already. */
export async function indexTree(root: string, state: StateFolder): Promise<void> {
  const update = state.begin();
  for (const { path, at, kind, stats, target, isDevice } of walkTree(root, () => null, () => undefined)) {
    const attributes = attributesOf(stats);
    if (kind === 'folder') update.put({ entry: { kind, path, attributes }, seen: null, round: 0 });
    else if (target !== null) update.put({ entry: { kind: 'symlink', path, attributes, target }, seen: null, round: 0 });
    else {
      const fd = openToRead(() => at);
      if (fd === null) continue;
      try {
        const chunking = chooseChunking(stats.size, null, isDevice);
        const { content, table } = await readContent(fd, stats.size, chunking);
        if (table !== null) state.tables.save(path, table);
        update.put({ entry: { kind: 'file', path, attributes, bytes: stats.size, chunking, content }, seen: lookOf(stats), round: 0 });
      } finally {
        closeSync(fd);
      }
    }
  }
  update.finish();
  state.keepBroken();
}
