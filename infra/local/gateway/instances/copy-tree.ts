import { constants } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, readlink, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';

/** Copies files, folders and links; what vanishes meanwhile, and sockets and pipes, are left out. */
export async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  const entries = await readdir(from, { withFileTypes: true }).catch(ignoreVanished);
  for (const entry of entries ?? []) {
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    try {
      if (entry.isDirectory()) await copyTree(source, target);
      else if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
      else if (entry.isFile()) await copyFile(source, target, constants.COPYFILE_FICLONE);
    } catch (error) {
      ignoreVanished(error);
    }
  }
  const folder = await stat(from).catch(ignoreVanished);
  if (folder) await chmod(to, folder.mode & 0o7777);
}

/** Swallows "no such file", the normal fate of temporary files of a running process. */
export function ignoreVanished(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  return undefined;
}
