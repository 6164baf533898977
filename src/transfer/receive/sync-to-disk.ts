import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Has the kernel write to disk what it holds of the file system that the path is on (coreutils' `sync`: Node has no call for a whole file system). */
export async function syncToDisk(path: string): Promise<void> {
  await execute('sync', ['-f', path]);
}
