import { closeSync, constants, fstatSync, lchownSync, linkSync, mkdirSync, symlinkSync, writeSync } from 'node:fs';
import type { Entry, FileEntry, Seen } from '../manifest/entry';
import { lookOf } from '../walk/look-of';
import { nativePath } from '../walk/native-path';
import { createAnew, createFile, kindOf, type Place, remove, replace, withOpen } from './places';
import { setAttributes } from './set-attributes';

/** Writes a whole file. What is new needs no other's place: torn, it stands in no manifest and is sent again. Otherwise it is written beside the earlier one, whose place it then takes. */
export function placeFile(at: Place, temporary: Place, isNew: boolean, { attributes }: FileEntry, data: Buffer): Seen {
  const free = isNew ? createFile(at, attributes.mode) : null;
  const fd = free ?? createAnew(temporary, attributes.mode);
  try {
    for (let done = 0; done < data.length; ) done += writeSync(fd, data, done);
    const stats = setAttributes(fd, attributes, true);
    if (free === null) replace(temporary, at);
    // Taking a name changes the time at which the file was changed.
    return lookOf(free === null ? fstatSync(fd) : stats);
  } finally {
    closeSync(fd);
  }
}

/** Makes a folder or a link in the place of whatever else stands there, or sets the attributes of a file. Returns how a file then looks. */
export function placeEntry(at: Place, entry: Entry, fileAt: (path: string) => Place): Seen | null {
  switch (entry.kind) {
    case 'folder':
      if (kindOf(at) !== 'folder') {
        remove(at);
        mkdirSync(at, 0o700);
      }
      withOpen(at, constants.O_DIRECTORY, (fd) => setAttributes(fd, entry.attributes, false));
      return null;
    case 'symlink':
      remove(at);
      symlinkSync(nativePath(entry.target), at);
      if (process.geteuid?.() === 0) lchownSync(at, entry.attributes.uid, entry.attributes.gid);
      return null;
    case 'link':
      remove(at);
      linkSync(fileAt(entry.to), at);
      return null;
    case 'file':
      return lookOf(withOpen(at, 0, (fd) => setAttributes(fd, entry.attributes, true)));
  }
}
