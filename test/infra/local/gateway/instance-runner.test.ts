import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { InstanceRunner } from '../../../../infra/local/gateway/instances/instance-runner';
import { eventually } from './gateway-fixture';

describe('the processes of a gateway that was killed', () => {
  it('are ended by the next one on the same folder, commands among them, and those of strangers are not', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'runner-'));
    const rootFolder = join(dataDir, 'root');
    mkdirSync(rootFolder);
    const userData = Buffer.from('#!/bin/sh\nexec sleep 300\n').toString('base64');
    const killed = new InstanceRunner({ dataDir });
    try {
      killed.start({ instanceId: 'i-1', address: '127.0.0.1', zone: 'a', shape: 'm5.large', userData, rootFolder, disks: [] });
      const command = killed.execute('i-1', 'sleep 300', undefined, 100);
      const notes = join(dataDir, 'instances/i-1/process-groups');
      const groups = readdirSync(notes).map(Number);
      expect(groups).toHaveLength(2);
      mkdirSync(join(notes, String(process.pid)));
      const next = new InstanceRunner({ dataDir });
      await command?.outcome;
      await eventually(async () => groups.every((group) => !runs(group)));
      expect(next.isUp('i-1')).toBe(false);
    } finally {
      await killed.stopAll();
      rmSync(dataDir, { recursive: true });
    }
  });
});

describe('an instance that is held still', () => {
  it('writes nothing meanwhile, not even by children that have sessions of their own, and goes on afterwards', async () => {
    const rootFolder = mkdtempSync(join(tmpdir(), 'runner-'));
    const runner = new InstanceRunner({ dataDir: rootFolder });
    const size = (): number => statSync(join(rootFolder, 'log'), { throwIfNoEntry: false })?.size ?? 0;
    try {
      // A session of its own outlives what stops its instance: it ends with its folder.
      const userData = Buffer.from("#!/bin/sh\nsetsid sh -c 'while echo x >>log; do sleep 0.01; done' &\nwait\n").toString('base64');
      runner.start({ instanceId: 'i-1', address: '127.0.0.1', zone: 'a', shape: 'm5.large', userData, rootFolder, disks: [] });
      await eventually(async () => size() > 0);
      const [before, after] = await runner.frozen('i-1', async () => {
        await sleep(50);
        const then = size();
        await sleep(150);
        return [then, size()];
      });
      expect(after).toBe(before);
      await eventually(async () => size() > (after ?? 0));
    } finally {
      await runner.stopAll();
      rmSync(rootFolder, { recursive: true, force: true });
    }
  });
});

function runs(group: number): boolean {
  try {
    return process.kill(-group, 0);
  } catch {
    return false;
  }
}
