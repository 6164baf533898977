import type { Stats } from 'node:fs';
import type { Attributes, Seen } from '../manifest/entry';

/** A change within this time of a look at the file may leave its times as they are: clocks of file systems tick every 1 to 10 ms. */
export const RACY_MS = 50;

/** How a file looks from outside. Whatever changes its content changes this, but for a write through a mapping. */
export function lookOf(stats: Stats): Seen {
  return { look: `${stats.size}/${stats.mtimeMs}/${stats.ctimeMs}/${stats.ino}`, ctimeMs: stats.ctimeMs };
}

/** Owner, permissions and time of change as they are told. */
export function attributesOf(stats: Stats): Attributes {
  return { mode: stats.mode & 0o7777, uid: stats.uid, gid: stats.gid, mtimeUs: Math.floor(stats.mtimeMs * 1000) };
}
