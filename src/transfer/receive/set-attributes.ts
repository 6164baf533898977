import { fchmodSync, fchownSync, fstatSync, futimesSync } from 'node:fs';
import type { Stats } from 'node:fs';
import type { Attributes } from '../manifest/entry';

const IS_ROOT = process.geteuid?.() === 0;

/** Sets owner, permissions and, where there is one, time of change of what is open; returns what it then looks like. Only root may give files to others: without it they stay the agent's. */
export function setAttributes(fd: number, { uid, gid, mode, mtimeUs }: Attributes, withTime: boolean): Stats {
  // Half a microsecond more: a number of seconds is not exact, and must not fall below the one that was meant.
  if (withTime) futimesSync(fd, (mtimeUs + 0.5) / 1e6, (mtimeUs + 0.5) / 1e6);
  const stats = fstatSync(fd);
  const chown = IS_ROOT && (stats.uid !== uid || stats.gid !== gid);
  if (chown) fchownSync(fd, uid, gid);
  // A change of owner takes set-user-id bits away.
  const chmod = chown || (stats.mode & 0o7777) !== mode;
  if (chmod) fchmodSync(fd, mode);
  return chown || chmod ? fstatSync(fd) : stats;
}
