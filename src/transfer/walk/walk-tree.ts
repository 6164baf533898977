import { closeSync, constants, lstatSync, openSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import type { Stats } from 'node:fs';
import type { Selection } from '../../domain/transfer/selection';
import { deviceAt } from './device';
import type { Found } from './found';
import { nativePath } from './native-path';

/** Told of everything that is not transferred, and why. */
export type OnSkipped = (path: string, reason: string) => void;

const FOLDER = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
/** What a receiver writes before it takes a file's place; one that was killed leaves it behind. */
export const TEMPORARY_NAME = '.foreshift-tmp';
/** https://bford.info/cachedir/ */
const CACHE_TAG = 'Signature: 8a477f597d28d172789f06886806bc55';

/** Everything below a folder, in the order of `comparePaths`, or the one thing that a device is. What vanishes on the way is not there. */
export function* walkTree(root: string, select: Selection, onSkipped: OnSkipped): Generator<Found, void, void> {
  const device = deviceAt(root);
  if (device !== null) return yield device;
  yield* walkFolder(openSync(root, constants.O_RDONLY | constants.O_DIRECTORY), '', select, onSkipped);
}

function* walkFolder(fd: number, path: string, select: Selection, onSkipped: OnSkipped): Generator<Found, void, void> {
  try {
    const folder = `/proc/self/fd/${fd}`;
    const names = readdirSync(folder, 'latin1')
      .filter((name) => name !== TEMPORARY_NAME)
      .sort(byBytes);
    if (path !== '' && names.includes('CACHEDIR.TAG') && isTagged(folder)) return onSkipped(path, 'a cache (CACHEDIR.TAG)');
    for (const name of names) {
      const at = nativePath(`${folder}/${name}`);
      const own = path === '' ? name : `${path}/${name}`;
      const stats = ifThere(() => lstatSync(at));
      if (stats === null) continue;
      const reason = select(own, stats.isDirectory()) ?? unsupported(stats);
      if (reason !== null) {
        onSkipped(own, reason);
        continue;
      }
      const kind = stats.isDirectory() ? 'folder' : stats.isSymbolicLink() ? 'symlink' : 'file';
      const target = kind === 'symlink' ? ifThere(() => readlinkSync(at, 'latin1')) : null;
      if (kind === 'symlink' && target === null) continue;
      yield { path: own, at, kind, stats, target, isDevice: false };
      const below = kind === 'folder' ? ifThere(() => openSync(at, FOLDER)) : null;
      if (below !== null) yield* walkFolder(below, own, select, onSkipped);
    }
  } finally {
    closeSync(fd);
  }
}

function byBytes(a: string, b: string): number {
  return a < b ? -1 : 1;
}

function unsupported(stats: Stats): string | null {
  if (stats.isSocket()) return 'a socket: its server makes it';
  if (stats.isFIFO()) return 'a pipe: its server makes it';
  return stats.isBlockDevice() || stats.isCharacterDevice() ? 'a device of the source' : null;
}

function isTagged(folder: string): boolean {
  return ifThere(() => readFileSync(`${folder}/CACHEDIR.TAG`, 'latin1').startsWith(CACHE_TAG)) === true;
}

function ifThere<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ELOOP', 'EINVAL'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
}
