import { createHash } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultPayloadConverter } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import { createEncryptingCodec } from '../../src/adapters/temporal/codec/encrypting-codec';
import { createFileKeys } from '../../src/adapters/temporal/codec/key-file';
import type { AuditRecord } from '../../src/contracts/audit';
import type { Role } from '../../src/domain/roles';
import type { FleetView } from '../../src/console/console-api';
import { mayDo } from '../../src/domain/roles';
import { readUsersFile } from '../../src/console/server/accounts';
import { createApp } from '../../src/console/server/create-app';
import { createLiveFleet } from '../../src/console/server/live-fleet';
import { loginByFile, loginOnce } from '../../src/console/server/login';
import { createSessions } from '../../src/console/server/sessions';
import { fakePorts } from './fake-ports';
import { DETAIL } from './sample-data';

const ACCOUNTS = (['viewer', 'operator', 'approver'] as const).map((role) => ({ name: `${role}-ada`, role, tokenSha256: createHash('sha256').update(role).digest('hex') }));

function setUp(codec: Parameters<typeof createApp>[0]['codec'] = null) {
  const fake = fakePorts();
  const live = createLiveFleet(fake.ports, 5);
  const app = createApp({ ports: fake.ports, live, login: loginByFile(ACCOUNTS), oidc: null, sessions: createSessions(), webFolder: 'dist/console-web', secure: false, codec });
  async function enter(role: Role) {
    const answer = await app.request('/api/login', { method: 'POST', body: JSON.stringify({ token: role }) });
    const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const { csrfToken } = (await answer.json()) as { csrfToken: string };
    return {
      answer,
      get: (path: string) => app.request(path, { headers: { cookie } }),
      post: (path: string, body: object, headers: Record<string, string> = { 'x-foreshift-csrf': csrfToken }) => app.request(path, { method: 'POST', headers: { cookie, ...headers }, body: JSON.stringify(body) }),
    };
  }
  return { app, enter, live, ...fake };
}

const ABORT = '/api/migrations/i-1/abort';
const saidBy = async (answer: Response) => ((await answer.json()) as { error: string }).error;

describe('the console\'s server', () => {
  it('answers nothing about the fleet to who is not logged in', async () => {
    const { app } = setUp();
    for (const path of ['/api/live', '/api/audit', '/api/audit/export', '/api/migrations/i-1', '/api/session', '/api/instances', '/api/instances/i-1/forecast', '/api/plans/plan-1', '/api/queues', '/api/capacity', '/api/accuracy', '/api/profiles', '/api/shapes']) expect((await app.request(path)).status).toBe(401);
    expect((await app.request('/api/login', { method: 'POST', body: '{"token":"wrong"}' })).status).toBe(401);
  });

  it('gives a session that scripts and other sites cannot use', async () => {
    const { enter } = setUp();
    const { answer } = await enter('viewer');
    expect(answer.headers.get('set-cookie')).toMatch(/HttpOnly.*SameSite=Strict/);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(answer.headers.get('content-security-policy')).not.toContain('unsafe');
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('lets a viewer read and change nothing', async () => {
    const { enter, done } = setUp();
    const viewer = await enter('viewer');
    expect((await viewer.get('/api/audit?text=cpu')).status).toBe(200);
    const refused = await viewer.post(ABORT, { reason: 'no' });
    expect(refused.status).toBe(403);
    expect(await saidBy(refused)).toBe('this takes the role operator; you are viewer');
    expect(done).toEqual([]);
  });

  it('aborts for an operator, under the name of the login, and lets them approve nothing', async () => {
    const { enter, done } = setUp();
    const operator = await enter('operator');
    expect((await operator.post(ABORT, { reason: 'error rate' })).status).toBe(200);
    expect((await operator.post('/api/migrations/i-1/approve', { planHash: 'h' })).status).toBe(403);
    expect((await operator.post('/api/plans/plan-1/approve', { planHash: 'h' })).status).toBe(403);
    expect(done).toEqual([['goes back', 'i-1', { reason: 'error rate', by: 'operator-ada' }]]);
  });

  it('refuses a request that says itself who acts, naming the field', async () => {
    const { enter, done } = setUp();
    const answer = await (await enter('operator')).post(ABORT, { reason: 'x', by: 'somebody' });
    expect(answer.status).toBe(400);
    expect(await saidBy(answer)).toContain('by');
    expect(done).toEqual([]);
  });

  it('refuses a change without the session\'s own token', async () => {
    const { enter, done } = setUp();
    const operator = await enter('operator');
    expect((await operator.post(ABORT, { reason: 'x' }, {})).status).toBe(403);
    expect((await operator.post(ABORT, { reason: 'x' }, { 'x-foreshift-csrf': 'guessed' })).status).toBe(403);
    expect(done).toEqual([]);
  });

  it('approves and declines plans for an approver', async () => {
    const { enter, done } = setUp();
    const approver = await enter('approver');
    await approver.post('/api/plans/plan-1/approve', { planHash: 'h' });
    await approver.post('/api/plans/plan-2/decline', { reason: 'release day' });
    expect(done).toEqual([['plan approved', 'plan-1', { planHash: 'h', by: 'approver-ada' }], ['plan declined', 'plan-2', { reason: 'release day', by: 'approver-ada' }]]);
  });

  it('exports every record, one a line, and names a filter that it does not know', async () => {
    const { enter } = setUp();
    const viewer = await enter('viewer');
    const lines = (await (await viewer.get('/api/audit/export')).text()).trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as AuditRecord).seq)).toEqual(DETAIL.records.map(({ seq }) => seq));
    expect(await saidBy(await viewer.get('/api/audit?sinceMs=soon'))).toContain('sinceMs');
  });

  it('answers a migration\'s records after the last that its reader has, and refuses a number that is none', async () => {
    const { enter, reads } = setUp();
    const viewer = await enter('viewer');
    const path = `/api/migrations/${DETAIL.migration.instanceId}`;
    const { records } = (await (await viewer.get(`${path}?afterSeq=4`)).json()) as typeof DETAIL;
    expect(records.map(({ seq }) => seq)).toEqual([5, 6]);
    expect(reads.afterSeqs).toEqual([4]);
    expect(await saidBy(await viewer.get(`${path}?afterSeq=soon`))).toContain('afterSeq');
    expect((await viewer.get('/api/migrations/i-nobody')).status).toBe(404);
  });

  it('names the load and the horizon that a forecast may be asked for', async () => {
    const { enter } = setUp();
    const viewer = await enter('viewer');
    expect((await viewer.get(`/api/instances/${DETAIL.migration.instanceId}/forecast?metric=cpuPercent&horizonMs=3600000`)).status).toBe(200);
    expect(await saidBy(await viewer.get('/api/instances/i-1/forecast?metric=diskPercent&horizonMs=1'))).toMatch(/metric.*horizonMs/);
    expect(await saidBy(await viewer.get('/api/instances/i-1/forecast?metric=cpuPercent&horizonMs=3600000'))).toContain('foreshift plan');
  });

  it('asks CloudWatch for shapes only for who may cause costs', async () => {
    const { enter, done } = setUp();
    expect((await (await enter('viewer')).get('/api/shapes?fleet=shop')).status).toBe(403);
    expect((await (await enter('operator')).get('/api/shapes?fleet=shop')).status).toBe(200);
    expect(done).toEqual([['suggested', 'shop']]);
  });

  it('refuses a body that is too long as the sender\'s fault, with what it may be at most', async () => {
    const { enter, done } = setUp();
    const answer = await (await enter('operator')).post(ABORT, { reason: 'x'.repeat(20_000) });
    expect([answer.status, await saidBy(answer)]).toEqual([413, 'request: expected at most 16384 bytes']);
    expect(done).toEqual([]);
  });

  it('ends a session at logout', async () => {
    const { enter } = setUp();
    const viewer = await enter('viewer');
    await viewer.post('/api/logout', {});
    expect((await viewer.get('/api/session')).status).toBe(401);
  });
});

describe('live updates', () => {
  it('cost fifty viewers what one costs, and nothing when all have left', async () => {
    const { live, reads } = setUp();
    const seen: FleetView[] = [];
    const leave = Array.from({ length: 50 }, () => live.follow((view) => seen.push(view)));
    await new Promise((resolve) => setTimeout(resolve, 50));
    for (const one of leave) one();
    // Nothing changed: each was told once.
    expect(seen).toHaveLength(50);
    expect(reads.fleet).toBeLessThanOrEqual(12);
    const before = reads.fleet;
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(reads.fleet).toBeLessThanOrEqual(before + 1);
  });

  it('keep what was known, and say why it is old, where it cannot be read', async () => {
    const live = createLiveFleet({ readFleet: () => Promise.reject(new Error('no Temporal')) }, 5);
    const view = await new Promise<FleetView>((resolve) => {
      const leave = live.follow((one) => {
        leave();
        resolve(one);
      });
    });
    expect(view).toEqual({ migrations: [], plans: [], trouble: 'no Temporal' });
  });
});

describe('who may log in', () => {
  it('is by a printed link once, as admin', () => {
    const { login, token } = loginOnce('console');
    expect(login('another')).toBeNull();
    expect(login(token)?.role).toBe('admin');
    expect(login(token)).toBeNull();
  });

  it('is told by a users file, whose errors name the field', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'console-')), 'users.json');
    writeFileSync(file, JSON.stringify([{ name: 'ada', role: 'king', tokenSha256: 'plain' }]));
    await expect(readUsersFile(file)).rejects.toThrow(/0\.role.*0\.tokenSha256: expected SHA-256 in hex/);
    writeFileSync(file, JSON.stringify(ACCOUNTS));
    expect(await readUsersFile(file)).toEqual(ACCOUNTS);
  });

  it('grows with the role', () => {
    expect(mayDo('admin', 'approver')).toBe(true);
    expect(mayDo('viewer', 'operator')).toBe(false);
  });

  it('approves by a link once, without a login, and only where it is told to', async () => {
    const { app, done } = setUp();
    const post = (path: string, secret: string) => app.request(path, { method: 'POST', body: JSON.stringify({ secret }) });
    const look = await post('/api/approval/look', 'good');
    expect(await look.json()).toMatchObject({ subject: { kind: 'migration', instanceId: 'i-1' } });
    expect(done).toEqual([]);
    expect((await post('/api/approval/approve', 'guessed')).status).toBe(404);
    expect((await post('/api/approval/approve', 'good')).status).toBe(200);
    expect(done).toEqual([['approved', 'i-1', { planHash: 'h', by: 'link:oncall' }]]);
    const again = await post('/api/approval/approve', 'good');
    expect([again.status, await saidBy(again)]).toEqual([404, expect.stringContaining('it approves once')]);
  });

  it('decodes what Temporal stores for who is logged in, from the Temporal UI\'s origin alone', async () => {
    const codec = createEncryptingCodec(createFileKeys({ keys: [{ id: 'k', key: Buffer.alloc(32, 7).toString('base64') }] }));
    const { app, enter } = setUp({ codec, uiOrigin: 'http://127.0.0.1:8233' });
    const [payload = {}] = await codec.encode([defaultPayloadConverter.toPayload({ instanceId: 'i-1' })]);
    const asked = temporal.api.common.v1.Payloads.toObject(temporal.api.common.v1.Payloads.fromObject({ payloads: [payload] }), { bytes: String });
    expect((await app.request('/codec/decode', { method: 'POST', body: JSON.stringify(asked) })).status).toBe(401);
    const viewer = await enter('viewer');
    const decoded = await viewer.post('/codec/decode', asked, { origin: 'http://127.0.0.1:8233' });
    expect(decoded.headers.get('access-control-allow-origin')).toBe('http://127.0.0.1:8233');
    expect(decoded.headers.get('access-control-allow-credentials')).toBe('true');
    const { payloads } = (await decoded.json()) as { payloads: { data: string }[] };
    expect(JSON.parse(Buffer.from(payloads[0]?.data ?? '', 'base64').toString())).toEqual({ instanceId: 'i-1' });
    expect((await viewer.post('/codec/decode', asked, { origin: 'http://evil.example' })).headers.get('access-control-allow-origin')).not.toBe('http://evil.example');
    expect((await viewer.post('/codec/decode', { payloads: 'all' }, {})).status).toBe(400);
  });
});
