import { closeSync, constants, openSync } from 'node:fs';
import { WireError } from '../wire/wire-error';
import { nativePath } from '../walk/native-path';

const FOLDER = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
const MAX_NAME = 255;

/**
 * Leads from paths of the peer to places below the root, and nowhere else: every folder on the way is opened from its parent's descriptor and must be
 * no symbolic link, so that neither `..` nor a link, not even one exchanged at the last moment, leads out.
 */
export class SafeTree {
  readonly isDevice = false;
  private readonly rootFd: number;
  private readonly way: { readonly name: string; readonly fd: number }[] = [];

  constructor(root: string) {
    this.rootFd = openSync(root, constants.O_RDONLY | constants.O_DIRECTORY);
  }

  /** Where a path is; good until the next call. Throws a WireError for a path that no walk would give. */
  at(path: string, name?: string): string | Buffer {
    const parts = partsOf(path);
    const last = parts.pop() as string;
    for (const [depth, part] of parts.entries()) {
      if (this.way[depth]?.name === part) continue;
      this.leave(depth);
      this.way.push({ name: part, fd: this.enter(depth, part) });
    }
    this.leave(parts.length);
    return nativePath(`${this.folder(parts.length)}/${name ?? last}`);
  }

  /** What was opened is closed. */
  close(): void {
    this.leave(0);
    closeSync(this.rootFd);
  }

  private enter(depth: number, name: string): number {
    try {
      return openSync(nativePath(`${this.folder(depth)}/${name}`), FOLDER);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOTDIR' || code === 'ELOOP') throw new WireError(`${JSON.stringify(name)} is no folder: nothing is written through it`);
      throw error;
    }
  }

  private folder(depth: number): string {
    return `/proc/self/fd/${depth === 0 ? this.rootFd : this.way[depth - 1]?.fd}`;
  }

  private leave(depth: number): void {
    for (const { fd } of this.way.splice(depth)) closeSync(fd);
  }
}

function partsOf(path: string): string[] {
  const parts = path.split('/');
  const isName = (part: string): boolean => part !== '' && part !== '.' && part !== '..' && part.length <= MAX_NAME && [...part].every((character) => character !== '\0' && character <= 'ÿ');
  if (!parts.every(isName)) throw new WireError(`${JSON.stringify(path.slice(0, 200))} is no path below the root`);
  return parts;
}
