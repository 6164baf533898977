import { renameSync, writeFileSync } from 'node:fs';

/** Writes a file so that it has, whenever it is read, either the old content or the new one. */
export function writeWhole(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
