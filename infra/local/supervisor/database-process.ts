import { join, resolve } from 'node:path';
import { freePort } from './free-port';
import { ManagedProcess } from './managed-process';
import type { ProcessContext } from './temporal-process';

/** The user's Postgres where DATABASE_URL names one, else an embedded one. */
export async function startDatabase({ directory, config, env }: ProcessContext, add: (child: ManagedProcess) => void): Promise<{ url: string; note: string }> {
  if (config.databaseUrl !== null) return { url: config.databaseUrl, note: 'the database that DATABASE_URL names' };
  const port = await freePort();
  const child = await ManagedProcess.start({
    name: 'database',
    command: process.execPath,
    args: [require.resolve('../database/database-main'), String(port), join(directory, 'database'), resolve(config.home, 'cache')],
    env,
    logFile: join(directory, 'logs', 'database.log'),
    isReady: async ({ readyLine }) => readyLine !== null,
    readyWithinMs: 90_000,
  });
  add(child);
  return { url: `postgresql://postgres@127.0.0.1:${port}/postgres`, note: 'embedded (PGlite)' };
}
