import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** Every CSV below a folder, as sorted paths relative to it. @throws what the file system says where the folder cannot be read. */
export async function listCsvFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.toLowerCase().endsWith('.csv'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}
