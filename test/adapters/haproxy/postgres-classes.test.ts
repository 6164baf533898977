import { Client } from 'pg';
import { createHaproxyRouter } from '../../../src/adapters/haproxy/request-router';
import type { RoutedService } from '../../../src/domain/routing/routed-service';
import { EmbeddedDatabase } from '../postgres/embedded-database';
import { describeWithHaproxy, startHaproxyFixture, type HaproxyFixture } from './haproxy-fixture';

const OWNER = { workflowId: 'routing/db', runId: 'run-1' };

describeWithHaproxy('queries of PostgreSQL clients', () => {
  const databases: EmbeddedDatabase[] = [];
  let login: URL;
  let proxy: HaproxyFixture;
  beforeAll(async () => {
    proxy = await startHaproxyFixture({ primary: await startDatabase('primary'), replica: await startDatabase('replica') });
  });
  afterAll(async () => {
    await proxy.stop();
    for (const database of databases) await database.stop();
  });

  /** @returns where it listens */
  async function startDatabase(name: string): Promise<string> {
    const database = await EmbeddedDatabase.start();
    databases.push(database);
    login = new URL(database.url);
    const client = new Client({ connectionString: database.url });
    await client.connect();
    await client.query(`create table who as select '${name}' as name; create table written (value int)`);
    await client.end();
    return login.host;
  }
  const open = async (port: number): Promise<Client> => {
    const client = new Client({ host: '127.0.0.1', port, user: login.username, password: login.password, database: login.pathname.slice(1) });
    await client.connect();
    return client;
  };
  const nameOf = async (client: Client): Promise<string> => ((await client.query<{ name: string }>('select name from who')).rows[0]?.name ?? '');
  const asked = async (port: number): Promise<string> => {
    const client = await open(port);
    try {
      return await nameOf(client);
    } finally {
      await client.end();
    }
  };

  it('go where their class goes from the next connection on; a transaction that is open is not disturbed', async () => {
    const { PG_WRITE_PORT, PG_READ_PORT, PG_REPORT_PORT } = proxy.ports;
    const router = createHaproxyRouter(proxy.run, proxy.traffic);
    const db: RoutedService = {
      service: 'db',
      balancer: { kind: 'haproxy', name: 'edge', backends: ['pg_write', 'pg_read'], mapFile: proxy.mapFile },
      members: [{ memberId: 'primary' }, { memberId: 'replica', takesWrites: false }],
      classes: [{ name: 'read', priority: 'high', access: 'read', backend: 'pg_read_routed' }, { name: 'report', priority: 'low', access: 'read', backend: 'pg_report_routed' }],
    };
    const writer = await open(PG_WRITE_PORT);
    await writer.query('begin');
    await writer.query('insert into written values (1)');
    await router.steer(OWNER, db, { classes: [{ name: 'read', weights: { primary: 0, replica: 100 }, shedRatio: 0 }, { name: 'report', weights: { primary: 0, replica: 100 }, shedRatio: 0.9 }], untilMs: Date.now() + 60_000 });
    await writer.query('insert into written values (2)');
    await writer.query('commit');
    expect((await writer.query('select value from written')).rows).toEqual([{ value: 1 }, { value: 2 }]);
    await writer.end();

    expect(new Set([await asked(PG_READ_PORT), await asked(PG_READ_PORT), await asked(PG_READ_PORT)])).toEqual(new Set(['replica']));
    expect(await asked(PG_WRITE_PORT)).toBe('primary');
    const reports = await Promise.allSettled(Array.from({ length: 30 }, () => asked(PG_REPORT_PORT)));
    const answered = reports.flatMap((report) => (report.status === 'fulfilled' ? [report.value] : []));
    expect(answered.length).toBeLessThan(15);
    expect(new Set([...answered, 'replica'])).toEqual(new Set(['replica']));

    // Both again, and reports are refused no longer.
    await router.release(OWNER, db);
    expect((await Promise.all(Array.from({ length: 8 }, () => asked(PG_REPORT_PORT)))).length).toBe(8);
  });
});
