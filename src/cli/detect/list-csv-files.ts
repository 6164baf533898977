import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** Every CSV below a folder (or whatever ends otherwise), as sorted paths relative to it. @throws what the file system says where the folder cannot be read. */
export async function listCsvFiles(folder: string, ending: RegExp = /\.csv$/i): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && ending.test(entry.name))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}
