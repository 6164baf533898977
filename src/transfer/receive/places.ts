import { closeSync, constants, lstatSync, openSync, renameSync, rmSync, unlinkSync } from 'node:fs';

/** How something is opened: by way of its folder's descriptor. */
export type Place = string | Buffer;

/** What stands at a place, links not followed; null where nothing does. */
export function kindOf(at: Place): 'folder' | 'file' | 'symlink' | 'other' | null {
  const stats = lstatSync(at, { throwIfNoEntry: false });
  if (stats === undefined) return null;
  if (stats.isDirectory()) return 'folder';
  return stats.isFile() ? 'file' : stats.isSymbolicLink() ? 'symlink' : 'other';
}

/** Creates a file and opens it for reading and writing; null where something stands there already. */
export function createFile(at: Place, mode: number): number | null {
  try {
    return openSync(at, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, mode);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return null;
    throw error;
  }
}

/** Creates a file in the place of whatever stands there, and opens it for reading and writing. */
export function createAnew(at: Place, mode: number): number {
  const created = createFile(at, mode);
  if (created !== null) return created;
  remove(at);
  return openSync(at, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, mode);
}

/** Removes what stands there, folders with all that is in them; nothing may stand there. */
export function remove(at: Place): void {
  try {
    unlinkSync(at);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EISDIR' || code === 'EPERM') rmSync(at, { recursive: true, force: true });
    else if (code !== 'ENOENT') throw error;
  }
}

/** Gives a file the place of whatever stands there. */
export function replace(from: Place, to: Place): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EISDIR') throw error;
    remove(to);
    renameSync(from, to);
  }
}

/** Calls with the descriptor of what stands there, which must be no link. */
export function withOpen<T>(at: Place, flags: number, use: (fd: number) => T): T {
  const fd = openSync(at, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | flags);
  try {
    return use(fd);
  } finally {
    closeSync(fd);
  }
}
