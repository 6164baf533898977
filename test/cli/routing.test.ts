import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RoutingDecision } from '../../src/domain/routing/routing-recommendation';

const PROGRAM = join(__dirname, '../../bin/foreshift.js');

const request = (capacityOfA: number): object => ({
  service: 'shop',
  balancer: { kind: 'haproxy', name: 'edge', backends: ['web'], mapFile: '/etc/haproxy/foreshift.map' },
  members: [{ memberId: 'a' }, { memberId: 'b' }, { memberId: 'c' }],
  classes: [{ name: 'checkout', priority: 'high', backend: 'web_checkout' }, { name: 'browse', priority: 'low', backend: 'web_browse' }],
  outlook: {
    horizonMs: 600_000,
    classShares: { checkout: 0.2, browse: 0.8 },
    members: [{ memberId: 'a', capacity: capacityOfA, load: [{ level: 0.9, value: 100 }] }, ...['b', 'c'].map((memberId) => ({ memberId, capacity: 400, load: [{ level: 0.9, value: 100 }] }))],
  },
});

describe('foreshift routing recommend', () => {
  const home = mkdtempSync(join(tmpdir(), 'routing-cli-'));
  afterAll(() => rmSync(home, { recursive: true, force: true }));
  const recommend = (content: object, ...args: string[]): Promise<{ code: number; out: string; err: string }> => {
    const file = join(home, 'shop.json');
    writeFileSync(file, JSON.stringify(content));
    return new Promise((resolve) => {
      execFile(process.execPath, [PROGRAM, 'routing', 'recommend', '-f', file, ...args], { env: { PATH: process.env['PATH'], FORESHIFT_HOME: home, TEMPORAL_ADDRESS: '127.0.0.1:1' } }, (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code), out, err }));
    });
  };

  it('tells what would be done and why, and asks no server', async () => {
    const { code, out } = await recommend(request(80), '--dry-run');
    expect(code).toBe(0);
    expect(out).toMatch(/│ browse +│ 0 +│ 100 │ 100 │ 0 % +│/);
    expect(out).toMatch(/a comes to 125 % of its capacity at the 0.9 quantile of its forecast\nnothing was changed\n$/);
    const asJson = JSON.parse((await recommend(request(400), '--dry-run', '--json')).out) as RoutingDecision;
    expect(asJson).toEqual({ kind: 'release', why: ['no member comes above 85 % of its capacity'] });
  });

  it('refuses what it cannot mean with exit code 2, naming file, field and what was expected', async () => {
    const { code, err } = await recommend(request(-1), '--dry-run');
    expect({ code, err }).toEqual({ code: 2, err: expect.stringMatching(/shop\.json: members is .*; expected each to be right; at place 1: capacity is -1; expected a number from 0/) as unknown });
    expect((await recommend({ ...request(80), outlook: undefined })).err).toMatch(/shop\.json: outlook is missing; expected what is forecast/);
  });
});
