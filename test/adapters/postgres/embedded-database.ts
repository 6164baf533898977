import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ManagedProcess } from '../../../infra/local/supervisor/managed-process';
import { openDatabase } from '../../../src/adapters/postgres/database';
import type { Database } from '../../../src/adapters/postgres/database';
import { ensureSchema } from '../../../src/adapters/postgres/schema';
import { environment, readConfig } from '../../../src/contracts/config';
import { built } from '../../support/built';

/** The local cloud's database, PGlite in a process of its own; clients speak to it as to any Postgres. */
export class EmbeddedDatabase {
  private readonly clients: Database[] = [];

  private constructor(
    private readonly directory: string,
    readonly url: string,
    private readonly processes: readonly ManagedProcess[],
  ) {}

  static async start(): Promise<EmbeddedDatabase> {
    const { startDatabase } = built<typeof import('../../../infra/local/supervisor/database-process')>('infra/local/supervisor/database-process');
    const directory = await mkdtemp(join(tmpdir(), 'database-'));
    await mkdir(join(directory, 'logs'));
    const processes: ManagedProcess[] = [];
    const config = { ...readConfig(), databaseUrl: null };
    const { url } = await startDatabase({ directory, config, env: { ...environment() } }, (child) => processes.push(child));
    return new EmbeddedDatabase(directory, url, processes);
  }

  /** A client of its own, as another worker would have. */
  connect(): Database {
    const client = openDatabase(this.url);
    this.clients.push(client);
    return client;
  }

  async stop(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.destroy()));
    await Promise.all(this.processes.map((child) => child.stop()));
    await rm(this.directory, { recursive: true, force: true });
  }
}

/** A database with the schema for the tests of a `describe`, handed over before the first of them. */
export function withDatabase(onReady: (db: Database, database: EmbeddedDatabase) => void): void {
  let database: EmbeddedDatabase | null = null;
  beforeAll(async () => {
    database = await EmbeddedDatabase.start();
    const db = database.connect();
    await ensureSchema(db);
    onReady(db, database);
  }, 120_000);
  afterAll(() => database?.stop());
}
