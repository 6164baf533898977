import { cp, mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';

/** Of PGlite's package: another version may write another format. */
const VERSION = '0.5.14';

/**
 * Copies an initialized, empty database into `dataDir`, making it in the cache the first time. Initializing takes far
 * longer than starting.
 */
export async function copyTemplate(cacheDir: string, dataDir: string): Promise<void> {
  const template = join(cacheDir, `pglite-${VERSION}`);
  if (!(await exists(template))) {
    const unfinished = `${template}.${process.pid}`;
    await mkdir(dirname(unfinished), { recursive: true });
    const db = await PGlite.create({ dataDir: unfinished });
    await db.close();
    await rename(unfinished, template).catch(async (error: unknown) => {
      // Another process that made it at the same time may have been faster.
      await rm(unfinished, { recursive: true, force: true });
      if (!(await exists(template))) throw error;
    });
  }
  await cp(template, dataDir, { recursive: true });
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
