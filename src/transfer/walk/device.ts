import { readFileSync, realpathSync, statSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { basename } from 'node:path';
import type { Found } from './found';

/** The name of a device's only entry. */
export const DEVICE_ENTRY = 'device';

const SECTOR_BYTES = 512;

/** The entry of a root that is a block device, or an image of one in a file; null for a folder. No time tells whether it was written: it looks different each time. */
export function deviceAt(root: string): Found | null {
  const stats = statSync(root);
  if (stats.isDirectory()) return null;
  const size = stats.isBlockDevice() ? deviceBytes(root) : stats.size;
  return { path: DEVICE_ENTRY, at: realpathSync(root), kind: 'file', stats: asFile(stats, size), target: null, isDevice: true };
}

/** Bytes of a block device: its own file has no length. */
function deviceBytes(path: string): number {
  return Number(readFileSync(`/sys/class/block/${basename(realpathSync(path))}/size`, 'utf8')) * SECTOR_BYTES;
}

// Owner and times of a device's file are the machine's own, and no state.
function asFile(stats: Stats, size: number): Stats {
  return Object.assign(Object.create(Object.getPrototypeOf(stats) as object) as Stats, stats, { size, mode: 0o600, uid: 0, gid: 0, nlink: 1, mtimeMs: 0, ctimeMs: Date.now() });
}
