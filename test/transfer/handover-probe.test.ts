import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HandoverProbe } from '../../src/transfer/agent/handover-probe';

describe('measuring a hand-over beforehand', () => {
  const folder = mkdtempSync(join(tmpdir(), 'foreshift-probe-'));
  const settle = async (): Promise<void> => undefined;
  afterAll(() => rmSync(folder, { recursive: true }));

  it('goes as far as the hook without calling it, and adds what the peer took to answer', async () => {
    let called = 0;
    const server = createServer((_, answer) => {
      called += 1;
      answer.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    for (const hook of [{ kind: 'http', url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/quiesce` }, { kind: 'command', command: `touch ${folder}/called` }] as const) {
      const probe = new HandoverProbe({ hook, folder, settle });
      for (const answerMs of [1_000, 3_000, 2_000]) await probe.measure(answerMs);
      expect(probe.estimateMs()).toBeGreaterThan(2_000);
      expect(probe.estimateMs()).toBeLessThan(3_000);
    }
    server.close();
    expect(called).toBe(0);
    expect(existsSync(join(folder, 'called'))).toBe(false);
  });

  it('counts what requests that are under way take to end, and nothing where that is not known', async () => {
    const probe = new HandoverProbe({ hook: null, folder, settle: () => sleep(120) });
    await probe.measure(1_000);
    expect(probe.estimateMs()).toBeGreaterThan(1_115);
    const blind = new HandoverProbe({ hook: null, folder, settle: () => Promise.reject(new Error('the door does not answer')) });
    await blind.measure(1_000);
    expect(blind.estimateMs()).toBeNull();
  });

  it('says nothing of a hook that cannot be reached', async () => {
    const probe = new HandoverProbe({ hook: { kind: 'http', url: 'http://127.0.0.1:1/quiesce' }, folder, settle });
    await probe.measure(1);
    expect(probe.estimateMs()).toBeNull();
  });
});
