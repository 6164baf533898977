import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** What one synchronization came to. `cpuMs` is of both sides; null where it cannot be told. */
export interface Measured {
  readonly wallMs: number;
  readonly cpuMs: number | null;
  readonly wireBytes: number | null;
  readonly maxRssMib: number | null;
}

/** Something that makes a target like the source. */
export interface Peer {
  readonly name: string;
  sync(): Promise<Measured>;
  stop(): void;
}

const TICK_MS = 10;

/** Whether a program is on this machine. */
export function has(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
}

/** rsync to a daemon of its own on loopback. */
export async function rsyncPeer(source: string, folder: string, port: number, compress: boolean): Promise<Peer> {
  const target = join(folder, compress ? 'rsync-z' : 'rsync');
  mkdirSync(target);
  const config = `${target}.conf`;
  writeFileSync(config, `port=${port}\naddress=127.0.0.1\nuse chroot=no\n[target]\npath=${target}\nread only=no\nuid=${process.getuid?.()}\ngid=${process.getgid?.()}\n`);
  const daemon = spawn('rsync', ['--daemon', '--no-detach', `--config=${config}`], { stdio: 'ignore' });
  await sleep(500);
  const name = `rsync -a --inplace --no-whole-file${compress ? ' -z' : ''}`;
  return {
    name,
    sync: async () => {
      const before = cpuOfChildrenMs(daemon);
      const startMs = performance.now();
      const { output, cpuMs } = runTimed(`rsync -a --inplace --no-whole-file --delete ${compress ? '-z' : ''} --stats ${source}/ rsync://127.0.0.1:${port}/target/`);
      const wallMs = performance.now() - startMs;
      await sleep(200);
      const bytes = [...output.matchAll(/Total bytes (?:sent|received): ([\d,]+)/g)].reduce((sum, match) => sum + Number(match[1]?.replaceAll(',', '')), 0);
      return { wallMs, cpuMs: cpuMs + cpuOfChildrenMs(daemon) - before, wireBytes: bytes, maxRssMib: null };
    },
    stop: () => void daemon.kill(),
  };
}

/** tar through zstd: everything, every time. */
export function tarPeer(source: string, folder: string): Peer {
  const target = join(folder, 'tar');
  mkdirSync(target);
  return {
    name: 'tar | zstd',
    sync: async () => {
      const startMs = performance.now();
      const { output, cpuMs } = runTimed(`tar -C ${source} -c . | zstd -q -1 | tee >(wc -c >&2) | zstd -dq | tar -C ${target} -x; sleep 0.1`);
      return { wallMs: performance.now() - startMs - 100, cpuMs, wireBytes: Number(/^\d+$/m.exec(output)?.[0] ?? NaN), maxRssMib: null };
    },
    stop: () => undefined,
  };
}

/** The least there is to do for a first copy: read it all, write it all. */
export function copyPeer(source: string, folder: string): Peer {
  const target = join(folder, 'cp');
  return {
    name: 'cp -a (limit: no network, no digests)',
    sync: async () => {
      const startMs = performance.now();
      const { cpuMs } = runTimed(`cp -a ${source} ${target}`);
      return { wallMs: performance.now() - startMs, cpuMs, wireBytes: null, maxRssMib: null };
    },
    stop: () => undefined,
  };
}

function runTimed(command: string): { readonly output: string; readonly cpuMs: number } {
  const { stdout, stderr, status } = spawnSync('bash', ['-c', `set -o pipefail; ${command}; status=$?; times; exit $status`], { encoding: 'utf8', maxBuffer: 1 << 24 });
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr.slice(-500)}`);
  const times = [...stdout.trim().split('\n').slice(-1).join('').matchAll(/(\d+)m([\d.]+)s/g)];
  return { output: stdout + stderr, cpuMs: times.reduce((sum, [, minutes, seconds]) => sum + 60_000 * Number(minutes) + 1_000 * Number(seconds), 0) };
}

function cpuOfChildrenMs({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[13]) + Number(fields[14])) * TICK_MS;
}
