import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase, type Database } from '../../src/adapters/postgres/database';
import { ensureSchema } from '../../src/adapters/postgres/schema';
import { environment, readConfig } from '../../src/contracts/config';
import { startDatabase } from '../local/supervisor/database-process';
import type { ManagedProcess } from '../local/supervisor/managed-process';

/** Runs `work` on a database of the bench's own, with the schema, and removes it; `note` says which kind of database it is. */
export async function withBenchDatabase(name: string, work: (db: Database, note: string) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), `${name}-`));
  const processes: ManagedProcess[] = [];
  try {
    await mkdir(join(directory, 'logs'));
    const { url, note } = await startDatabase({ directory, config: readConfig(), env: { ...environment() } }, (child) => processes.push(child));
    const db = openDatabase(url);
    await ensureSchema(db);
    await work(db, note);
    await db.destroy();
  } finally {
    for (const child of processes) await child.stop();
    await rm(directory, { recursive: true, force: true });
  }
}
