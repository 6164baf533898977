import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { issueAuthority, issueCertificate } from '../../../src/transfer/session/issue-certificate';
import type { Measured, Peer } from './peers';
import type { SideSetup, SideUsage } from './side-main';

/** This project's transfer, over TLS with both certificates, each side a process of its own. */
export async function foreshiftPeer(source: string, folder: string, paranoid: boolean): Promise<Peer> {
  const name = paranoid ? 'foreshift, paranoid' : 'foreshift';
  const base = join(folder, paranoid ? 'foreshift-paranoid' : 'foreshift');
  const target = join(base, 'target');
  mkdirSync(target, { recursive: true });
  const authority = issueAuthority('bench', Date.now(), 1);
  const identity = (own: string, peerName: string): SideSetup['identity'] => ({ ca: authority.cert, ...issueCertificate(own, { name: 'bench', key: authority.key }, Date.now(), 1), peerName });
  const receiver = start({ kind: 'receive', root: target, stateFolder: join(base, 'target-state'), identity: identity('shadow', 'source') });
  const [{ port }] = (await once(receiver, 'message')) as [{ port: number }];
  const sender = start({ kind: 'send', root: source, stateFolder: join(base, 'source-state'), identity: identity('source', 'shadow'), port, paranoid });
  await once(sender, 'message');
  let before: readonly SideUsage[] = [{ cpuMs: 0, maxRssMib: 0, wireBytes: 0 }, { cpuMs: 0, maxRssMib: 0, wireBytes: 0 }];
  return {
    name,
    sync: async (): Promise<Measured> => {
      before = [await usage(sender), await usage(receiver)];
      const startMs = performance.now();
      sender.send('round');
      const [answer] = (await once(sender, 'message')) as [{ error?: string }];
      const wallMs = performance.now() - startMs;
      if (answer.error !== undefined) throw new Error(answer.error);
      const after = [await usage(sender), await usage(receiver)];
      const cpuMs = after.reduce((sum, side, i) => sum + side.cpuMs - (before[i]?.cpuMs ?? 0), 0);
      return { wallMs, cpuMs, wireBytes: (after[0]?.wireBytes ?? 0) - (before[0]?.wireBytes ?? 0), maxRssMib: Math.max(...after.map(({ maxRssMib }) => maxRssMib)) };
    },
    stop: () => [sender, receiver].forEach((side) => side.kill()),
  };
}

function start(setup: SideSetup): ChildProcess {
  const child = fork(join(__dirname, 'side-main.js'));
  child.send(setup);
  return child;
}

async function usage(side: ChildProcess): Promise<SideUsage> {
  side.send('usage');
  return ((await once(side, 'message')) as [SideUsage])[0];
}
