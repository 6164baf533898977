import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { postUrl } from '../../src/adapters/notifications/post-json';
import { createSlackSender } from '../../src/adapters/notifications/slack-sender';
import { createWebhookSender } from '../../src/adapters/notifications/webhook-sender';
import { createApprovalLinks } from '../../src/adapters/postgres/approval-links';
import { createAuditLog } from '../../src/adapters/postgres/audit-log';
import type { Database } from '../../src/adapters/postgres/database';
import { createNotificationStore, listNotifications } from '../../src/adapters/postgres/notification-store';
import { ensureSchema } from '../../src/adapters/postgres/schema';
import type { AuditEntry } from '../../src/contracts/audit';
import type { ApprovalWanted, Notification, NotificationEvent } from '../../src/domain/notifications/notification';
import { parseChannels } from '../../src/notifications/channels-file';
import { linkTo } from '../../src/notifications/console-links';
import { deliverOnce, type DeliveryEvents } from '../../src/notifications/deliver';
import { EmbeddedDatabase } from '../adapters/postgres/embedded-database';

describe('delivering notifications', () => {
  let database: EmbeddedDatabase;
  let db: Database;
  let server: Server;
  let url: string;
  let status = 200;
  const received: { readonly body: string; readonly headers: IncomingHttpHeaders }[] = [];

  beforeAll(async () => {
    database = await EmbeddedDatabase.start();
    db = database.connect();
    await ensureSchema(db);
    server = createServer((request, response) => {
      void text(request).then((body) => {
        if (status === 200) received.push({ body, headers: request.headers });
        response.writeHead(status).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  }, 120_000);
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await database.stop();
  });
  beforeEach(() => {
    received.length = 0;
    status = 200;
  });

  let written = 0;
  const write = (more: Partial<AuditEntry>) =>
    createAuditLog(db).append({ key: `k${(written += 1)}`, kind: 'outcome', atMs: 1_700_000_000_000, actor: 'a', workflowId: 'migration/i-1', runId: `r${written}`, instanceId: 'i-1', service: 'shop', summary: 'RolledBack', reason: 'error rate', detail: null, ...more });
  const events: DeliveryEvents = { onDelivered: () => undefined, onFailed: () => undefined };
  const all: readonly NotificationEvent[] = ['done', 'rollback', 'plan'];
  /** A channel of that name; a name of its own begins at the audit's end. */
  const channelOf = (name: string, { services = [] as string[], wanted = [...all] } = {}) => ({ channel: { name, events: wanted, services }, sender: createWebhookSender(url, 'a secret of some length', async () => null, () => 1_700_000_000_000) });
  const deliver = (channel: ReturnType<typeof channelOf>, nowMs: number, by = db) => deliverOnce(channel, createNotificationStore(by), events, () => nowMs);
  const newest = async (channel: string) => {
    const found = (await listNotifications(db, 1_000)).find((one) => one.channel === channel);
    if (found === undefined) throw new Error(`nothing was queued for ${channel}`);
    return found;
  };
  const titles = () => received.map(({ body }) => (JSON.parse(body) as { title: string }).title);

  it('begins with what comes after the channel was first served, and tells each news once', async () => {
    await write({});
    const channel = channelOf('begins');
    await deliver(channel, 0);
    await write({ instanceId: 'i-2' });
    await write({ kind: 'act' });
    for (const nowMs of [1, 2, 3]) await deliver(channel, nowMs);
    expect(titles()).toEqual(['i-2 has gone back to where it was']);
  });

  it('tells only what the channel wants, of the services that it wants', async () => {
    const channel = channelOf('wants', { services: ['shop'], wanted: ['rollback'] });
    await deliver(channel, 0);
    await write({ instanceId: 'i-3', service: 'billing' });
    await write({ instanceId: 'i-4', summary: 'plan', kind: 'decision' });
    await write({ instanceId: 'i-5' });
    await deliver(channel, 1);
    expect(titles()).toEqual(['i-5 has gone back to where it was']);
  });

  it('tries again what was not taken, later each time, with the same key, and gives up after a day', async () => {
    const channel = channelOf('again');
    await deliver(channel, 0);
    await write({ instanceId: 'i-6' });
    status = 503;
    expect(await deliver(channel, 0)).toBe(1);
    expect(await deliver(channel, 4_999)).toBe(0);
    expect(await deliver(channel, 5_000)).toBe(1);
    const waiting = await newest('again');
    expect(waiting).toMatchObject({ channel: 'again', state: 'waiting', attempts: 2, error: 'answered 503' });
    status = 200;
    expect(await deliver(channel, 15_000)).toBe(1);
    expect(received[0]?.headers['idempotency-key']).toBe(waiting.notification.key);
    expect(await newest('again')).toMatchObject({ state: 'delivered', error: null });
    await write({ instanceId: 'i-7' });
    status = 500;
    await deliver(channel, 20_000);
    await deliver(channel, 20_000 + 86_400_000);
    expect(await newest('again')).toMatchObject({ state: 'given up', attempts: 2 });
  });

  it('sends each once where several processes serve the channel', async () => {
    const channel = channelOf('several');
    await deliver(channel, 0);
    for (let i = 10; i < 22; i += 1) await write({ instanceId: `i-${i}` });
    await Promise.all([0, 1, 2].map(() => deliver(channel, 1, database.connect())));
    expect(titles().toSorted()).toEqual(Array.from({ length: 12 }, (_, i) => `i-${i + 10} has gone back to where it was`));
  });

  it('signs what a webhook gets, and escapes what Slack would read as more than text', async () => {
    const channel = channelOf('signs');
    await deliver(channel, 0);
    await write({ instanceId: 'i-8', reason: '<!channel> & "more"' });
    await deliver(channel, 1);
    const [{ body, headers } = { body: '', headers: {} as IncomingHttpHeaders }] = received;
    expect(headers['x-foreshift-signature']).toBe(`t=1700000000,v1=${createHmac('sha256', 'a secret of some length').update(`1700000000.${body}`).digest('hex')}`);
    const { notification } = await newest('signs');
    await createSlackSender(url, async () => 'https://console/x').send(notification);
    const { text: said } = JSON.parse(received[1]?.body ?? '{}') as { text: string };
    expect(said).toContain(':rewind: *i-8 has gone back to where it was*\n&lt;!channel&gt; &amp; "more"');
  });

  it('gives links that approve once, while the approval is waited for, and keeps no secret', async () => {
    let now = 1_000;
    const store = createApprovalLinks(db, () => now);
    const wanted: ApprovalWanted = { planHash: 'h', untilMs: 2_000, subject: { kind: 'plan', planId: 'plan-1' } };
    const [first, second] = [await store.issue(wanted, 'oncall'), await store.issue(wanted, 'oncall')];
    expect(JSON.stringify(await db.selectFrom('approval_link').selectAll().execute())).not.toContain(first);
    expect(await store.find(first)).toEqual({ wanted, channel: 'oncall' });
    expect(await Promise.all([store.spend(first), store.spend(first)]).then((taken) => taken.filter((one) => one !== null))).toHaveLength(1);
    expect(await store.find(first)).toBeNull();
    await store.restore(first);
    expect(await store.spend(first)).not.toBeNull();
    expect(await store.spend(`${second}x`)).toBeNull();
    now = 2_001;
    expect(await store.spend(second)).toBeNull();
  });

  it('tells why nothing was reached without telling the address, and posts in the clear to this machine only', async () => {
    const dead = createSlackSender('http://127.0.0.1:1/secret-path', async () => null);
    const { notification } = await newest('signs');
    await expect(dead.send(notification)).rejects.toThrow(/^not reached: \w+$/);
    expect(() => postUrl('SLACK_URL', 'http://hooks.example.com/x')).toThrow('SLACK_URL: expected https://');
    expect(() => postUrl('SLACK_URL', undefined)).toThrow('SLACK_URL: expected an address that begins with https://');
    expect(postUrl('SLACK_URL', 'http://127.0.0.1:9/x')).toBe('http://127.0.0.1:9/x');
  });
});

describe('the link of a notification', () => {
  const CONSOLE = 'https://ops.example.com/foreshift/';
  const news = { instanceId: 'i-1' } as Notification;
  const wanted: ApprovalWanted = { planHash: 'h', untilMs: 1, subject: { kind: 'migration', instanceId: 'i-1' } };
  const links = { issue: async (of: ApprovalWanted, channel: string) => `${channel}-${of.planHash}` };

  it('leads to the page of the console that its own pages lead to', async () => {
    expect(await linkTo(news, CONSOLE, 'oncall', links)).toBe('https://ops.example.com/foreshift/#/migration/i-1');
    expect(readFileSync(join(__dirname, '../../src/console/web/src/pages/migration-table.tsx'), 'utf8')).toContain('href={`#/migration/${instanceId}`}');
  });

  it('leads to the approval of what waits where the channel is trusted with it, and nowhere without a console', async () => {
    expect(await linkTo({ ...news, approval: wanted }, CONSOLE, 'oncall', links)).toBe('https://ops.example.com/foreshift/#approve=oncall-h');
    expect(await linkTo({ ...news, approval: wanted }, CONSOLE, 'oncall', null)).toBe('https://ops.example.com/foreshift/#/migration/i-1');
    expect(await linkTo({ ...news, approval: wanted }, undefined, 'oncall', links)).toBeNull();
  });
});

describe('the file of channels', () => {
  it('is read, with all events and services where none are named', () => {
    expect(parseChannels('channels: [{name: a, type: slack, urlFrom: SLACK_URL}]').channels).toMatchObject([{ events: expect.arrayContaining(['needs-operator']) as unknown, services: [] }]);
  });

  it.each([
    ['an address in place of a variable', 'channels: [{name: a, type: slack, urlFrom: "https://hooks.slack.com/T0/secret"}]', /expected the name of an environment variable/],
    ['an event that is none', 'channels: [{name: a, type: slack, urlFrom: U, events: [explosion]}]', /channels\.0\.events\.0/],
    ['a name twice', 'channels: [{name: a, type: slack, urlFrom: U}, {name: a, type: slack, urlFrom: U}]', /"a" is there twice/],
    ['a topic that is none', 'channels: [{name: a, type: sns, topicArn: nowhere}]', /expected the ARN of a topic/],
    ['a field that is none', 'channels: [{name: a, type: slack, urlFrom: U, colour: red}]', /colour/],
    ['no channels', 'channels: []', /channels/],
  ])('is refused for %s', (_, yaml, says) => {
    expect(() => parseChannels(yaml)).toThrow(says);
  });
});
