import { loadavg } from 'node:os';
import Table from 'cli-table3';
import { sql } from 'kysely';
import { createAuditLog } from '../../../src/adapters/postgres/audit-log';
import { openDatabase } from '../../../src/adapters/postgres/database';
import { ensureSchema } from '../../../src/adapters/postgres/schema';
import type { AuditFilter } from '../../../src/contracts/audit';
import { readConfig } from '../../../src/contracts/config';
import { check } from '../check';
import { MadeRecords } from './made-records';
import { startPostgres } from './postgres-server';

const RECORDS = Number(process.argv[2] ?? 1_000_000);
const VERIFIED = 100_000;
const VERIFY_WITHIN_MS = 5_000;
const LIST_WITHIN_MS = 200;
const REPEATS = 21;
const APPENDING_MS = 5_000;
const WRITERS = 8;
const INSTANCE = 'i-00000000000000123';
const DAY_MS = 86_400_000;

/** What operators ask for; each by its name. */
const SEARCHES: Readonly<Record<string, AuditFilter>> = {
  'the newest 200': {},
  'of one instance': { instanceId: INSTANCE },
  "one migration's": { workflowId: `migration/${INSTANCE}` },
  'of one service': { service: 'service-17' },
  'of one service and kind': { service: 'service-17', kind: 'decision' },
  'rolled back': { outcome: 'RolledBack' },
  'rolled back on one day': { outcome: 'RolledBack', sinceMs: Date.UTC(2026, 0, 7), untilMs: Date.UTC(2026, 0, 7) + DAY_MS },
  'of one actor on the first day': { actor: 'foreshift:alarm', untilMs: Date.UTC(2026, 0, 6) },
  'a word that is rare': { text: 'heliotrope' },
  'words that are in a fifth': { text: '"error rate"' },
  'words that are in a fifth, on the first day': { text: '"error rate"', untilMs: Date.UTC(2026, 0, 6) },
  'a word that is in none': { text: 'unobtainium' },
  'a rare word of another instance': { text: 'heliotrope', instanceId: INSTANCE },
  'far back': { beforeSeq: 1_000 },
};

/** Fills an audit, verifies, lists, searches and appends. The exit code is 1 where a target is missed. */
async function main(): Promise<void> {
  const given = readConfig().databaseUrl;
  const server = given === null ? await startPostgres() : null;
  const url = given ?? server?.url;
  if (url === undefined) return console.log('skipped: no PostgreSQL; install Debian\'s package "postgresql", or name an empty database by DATABASE_URL');
  const db = openDatabase(url);
  try {
    await ensureSchema(db);
    if ((await createAuditLog(db).list({ limit: 1 })).length > 0) throw new Error('the database holds an audit already; expected an empty one');
    console.log(`PostgreSQL ${server?.version ?? 'of DATABASE_URL'}, ${RECORDS} records, load of the machine ${loadavg()[0]?.toFixed(1)}`);
    const records = new MadeRecords(db);
    await records.fillTo(Math.min(VERIFIED, RECORDS));
    const verifyMs = await took(async () => {
      const { intact, records: count } = await createAuditLog(db).verify();
      if (!intact || count !== Math.min(VERIFIED, RECORDS)) throw new Error('the chain is broken');
    });
    const filling = await took(() => records.fillTo(RECORDS));
    await sql`vacuum analyze audit`.execute(db);
    const table = new Table({ head: ['records', 'found', 'median ms', 'longest ms'], style: { head: [], border: [] }, colAligns: ['left', 'right', 'right', 'right'] });
    let longestMs = 0;
    for (const [name, filter] of Object.entries(SEARCHES)) {
      let found = 0;
      const times: number[] = [];
      for (let i = 0; i < REPEATS; i += 1) times.push(await took(async () => void (found = (await createAuditLog(db).list({ ...filter, limit: 200 })).length)));
      times.sort((a, b) => a - b);
      longestMs = Math.max(longestMs, times.at(-1) ?? 0);
      table.push([name, found, times[(REPEATS - 1) / 2]?.toFixed(1) ?? '', times.at(-1)?.toFixed(1) ?? '']);
    }
    console.log(table.toString());
    const appended = await appendAtOnce(url);
    const { rows } = await sql<{ bytes: string }>`select pg_total_relation_size('audit') as bytes`.execute(db);
    console.log(`filled at ${Math.round((RECORDS - VERIFIED) / (filling / 1_000))} records/s; ${(Number(rows[0]?.bytes) / RECORDS / 1_000).toFixed(2)} kB a record with its indexes; ${Math.round(appended)} appends/s by ${WRITERS} writers, each waited for; load ${loadavg()[0]?.toFixed(1)}`);
    check(`${VERIFIED} records verified in ${(verifyMs / 1_000).toFixed(2)} s; target ${VERIFY_WITHIN_MS / 1_000} s`, verifyMs <= VERIFY_WITHIN_MS);
    check(`longest list or search over ${RECORDS} records ${longestMs.toFixed(0)} ms; target ${LIST_WITHIN_MS} ms`, longestMs <= LIST_WITHIN_MS);
  } finally {
    await db.destroy();
    await server?.stop();
  }
}

/** @returns appends a second */
async function appendAtOnce(url: string): Promise<number> {
  const untilMs = performance.now() + APPENDING_MS;
  const counts = await Promise.all(
    Array.from({ length: WRITERS }, async (_, writer) => {
      const db = openDatabase(url);
      const log = createAuditLog(db);
      let count = 0;
      for (; performance.now() < untilMs; count += 1) {
        await log.append({ key: `bench/${writer}/${count}`, kind: 'act', atMs: Date.now(), actor: 'foreshift:worker', workflowId: 'migration/i-1', runId: 'bench', instanceId: 'i-1', service: 'shop', summary: 'modify the weights of listener 1', reason: 'bench', detail: { weights: [count, writer] } });
      }
      await db.destroy();
      return count;
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0) / (APPENDING_MS / 1_000);
}

async function took(work: () => Promise<void>): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}

void main();
