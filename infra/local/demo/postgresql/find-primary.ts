import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { BANK, POSTGRES_PORT } from './postgres-user-data';

const CONNECT_WITHIN_MS = 1_000;
const LOOK_EVERY_MS = 30;

/** A connection that gives up by itself: a server that stands still answers nothing. Its errors are told by what is asked of it. */
export async function connectTo(host: string, database: string): Promise<Client> {
  const client = new Client({ host, port: POSTGRES_PORT, user: BANK.user, database, connectionTimeoutMillis: CONNECT_WITHIN_MS, query_timeout: 10_000 });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** A connection to the one server that takes writes, as libpq finds it among several hosts by `target_session_attrs=read-write`. */
export async function connectToPrimary(addresses: () => Promise<readonly string[]>, database: string, withinMs = 60_000): Promise<Client> {
  for (const giveUpAtMs = Date.now() + withinMs; ; await sleep(LOOK_EVERY_MS)) {
    const clients = await Promise.all((await addresses()).map((host) => primaryAt(host, database)));
    const [first, ...others] = clients.filter((client) => client !== null);
    await Promise.all(others.map((client) => client.end()));
    if (first !== undefined) return first;
    if (Date.now() >= giveUpAtMs) throw new Error(`no PostgreSQL takes writes within ${withinMs} ms`);
  }
}

/** Null where PostgreSQL does not answer, or does not take writes. */
async function primaryAt(host: string, database: string): Promise<Client | null> {
  const client = await connectTo(host, database).catch(() => null);
  if (client === null) return null;
  const isStandby = await client.query<{ pg_is_in_recovery: boolean }>('select pg_is_in_recovery()').then(({ rows }) => rows[0]?.pg_is_in_recovery ?? true, () => true);
  if (!isStandby) return client;
  await client.end().catch(() => undefined);
  return null;
}

/** How many servers take writes right now. */
export async function countPrimaries(addresses: readonly string[], database: string): Promise<number> {
  const clients = await Promise.all(addresses.map((host) => primaryAt(host, database)));
  const primaries = clients.filter((client) => client !== null);
  await Promise.all(primaries.map((client) => client.end().catch(() => undefined)));
  return primaries.length;
}
