import { existsSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { endWithParent } from '../supervisor/end-with-parent';
import { copyTemplate } from './template';
import { ProtocolServer } from './protocol-server';

/** Process entry: an embedded Postgres at 127.0.0.1. Arguments: port, data folder, cache folder. */
async function main(): Promise<void> {
  const [port, dataDir, cacheDir] = process.argv.slice(2);
  if (port === undefined || dataDir === undefined || cacheDir === undefined) throw new Error('usage: database-main PORT DATA_DIR CACHE_DIR');
  // What was stopped and is started again goes on with what it had.
  if (!existsSync(dataDir)) await copyTemplate(cacheDir, dataDir);
  const db = await PGlite.create({ dataDir });
  const server = new ProtocolServer(db);
  const listening = await server.listen(Number(port));
  endWithParent(async () => {
    await server.close();
    await db.close();
  });
  process.stdout.write(`${JSON.stringify({ ready: true, port: listening })}\n`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
