import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Table from 'cli-table3';
import { createTransferAgent, type TransferAgent } from '../../../../src/adapters/agent/transfer-agent';
import type { TransferStatus } from '../../../../src/transfer/agent/transfer-status';
import { freePort } from '../../../local/supervisor/free-port';
import { KvClient } from './kv-client';

const RUNS = Number(process.argv[2] ?? 10);
const WRITES_PER_SECOND = 500;
const READS_PER_SECOND = 2_000;
const MAX_PAUSE_MS = 300;
/** Of the pause: what a prediction may be off. */
const MAX_ERROR_RATIO = 0.5;

interface Side {
  readonly root: string;
  readonly port: number;
  readonly servicePort: number;
  readonly control: TransferAgent;
  readonly agent: ChildProcess;
  readonly startService: () => Promise<ChildProcess>;
}

interface Run {
  readonly status: TransferStatus;
  readonly silenceMs: number;
  readonly writes: number;
  readonly reads: number;
}

/** Moves a key-value service under load to another process and back, and measures the pause against its prediction. The exit code is 1 where a target is missed or anything is lost. */
async function main(): Promise<void> {
  console.log(`${WRITES_PER_SECOND} writes/s, ${READS_PER_SECOND} reads/s, ${RUNS} moves, load of the machine ${loadavg()[0]?.toFixed(2)}`);
  const folder = mkdtempSync(join(tmpdir(), 'foreshift-pause-'));
  const runs: Run[] = [];
  const children: ChildProcess[] = [];
  try {
    await foreshift(['certs', '--out', join(folder, 'certs'), '--name', 'a', 'b']).then((child) => once(child, 'exit'));
    let [from, to] = [await startSide(folder, 'a', 'b'), await startSide(folder, 'b', 'a')];
    children.push(from.agent, to.agent);
    let service = await from.startService();
    children.push(service);
    const client = new KvClient(from.servicePort);
    client.start(WRITES_PER_SECOND, READS_PER_SECOND);
    await sleep(2_000);
    for (let i = 0; i < RUNS; i++) {
      const before = { writes: client.writes, reads: client.reads };
      client.longestSilenceMs = 0;
      await from.control.replicate({ host: '127.0.0.1', port: to.port, maxPauseMs: MAX_PAUSE_MS, auto: true });
      const status = await ended(from.control);
      if (status.phase !== 'released') throw new Error(`${status.phase}: ${status.why}`);
      const next = await to.startService();
      children.push(next);
      client.moveTo(to.servicePort);
      await sleep(1_000);
      service.kill();
      [from, to, service] = [to, from, next];
      runs.push({ status, silenceMs: client.longestSilenceMs, writes: client.writes - before.writes, reads: client.reads - before.reads });
    }
    await client.stop();
    const lost = await client.lost();
    client.close();
    report(runs, client.acknowledged.size, lost.length);
  } finally {
    children.forEach((child) => child.kill());
    rmSync(folder, { recursive: true, force: true });
  }
}

async function startSide(folder: string, name: string, peerName: string): Promise<Side> {
  const [port, controlPort, servicePort, serviceControl] = [await freePort(), await freePort(), await freePort(), await freePort()];
  const [root, state] = [join(folder, name), join(folder, `${name}-state`)];
  mkdirSync(root);
  const hook = (path: string): string => `http://127.0.0.1:${serviceControl}/${path}`;
  const agent = await foreshift(['serve', '--root', root, '--state', state, '--certs', join(folder, 'certs'), '--name', name, '--peer-name', peerName, '--listen', `127.0.0.1:${port}`, '--control', `127.0.0.1:${controlPort}`, '--quiesce', hook('quiesce'), '--resume', hook('resume')]);
  await ready(agent);
  const control = createTransferAgent({ url: `http://127.0.0.1:${controlPort}`, token: readFileSync(join(state, 'control-token'), 'utf8') });
  const startService = async (): Promise<ChildProcess> => {
    const child = spawn(process.execPath, [join(__dirname, 'kv-service.js'), join(root, 'wal'), String(servicePort), String(serviceControl)], { stdio: ['ignore', 'pipe', 'inherit'] });
    await ready(child);
    return child;
  };
  return { root, port, servicePort, control, agent, startService };
}

async function foreshift(args: readonly string[]): Promise<ChildProcess> {
  return spawn(process.execPath, [join(__dirname, '../../../../src/cli/main.js'), 'agent', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function ready(child: ChildProcess): Promise<void> {
  // Read on to the end: a child whose output nobody takes any more would fail at its next line.
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on('data', (data: Buffer) => data.includes('"ready"') && resolve());
    child.once('exit', (code) => reject(new Error(`a child ended with ${code} before it was ready`)));
  });
}

async function ended(control: TransferAgent): Promise<TransferStatus> {
  for (;;) {
    const status = await control.status();
    if (['released', 'stopped', 'failed', 'unsure'].includes(status.phase)) return status;
    await sleep(10);
  }
}

function report(runs: readonly Run[], keys: number, lost: number): void {
  const table = new Table({ head: ['rounds', 'pause ms', 'predicted ms', 'off by', 'client without answer ms', 'writes', 'reads'], style: { head: [], border: [] } });
  const errors = runs.map(({ status }) => Math.abs((status.pausePredictedMs ?? Infinity) - (status.pauseMs ?? 0)) / (status.pauseMs ?? 1));
  runs.forEach(({ status, silenceMs, writes, reads }, i) => table.push([status.rounds, status.pauseMs?.toFixed(0), status.pausePredictedMs?.toFixed(0), `${(100 * (errors[i] as number)).toFixed(0)} %`, silenceMs.toFixed(0), writes, reads]));
  console.log(table.toString());
  const worst = Math.max(...runs.map(({ status }) => status.pauseMs ?? Infinity));
  const silence = Math.max(...runs.map(({ silenceMs }) => silenceMs));
  const off = errors.filter((error) => error > MAX_ERROR_RATIO).length;
  const checks = [
    [`${keys} keys were acknowledged, ${lost} of them lost`, lost === 0],
    [`the longest of ${runs.length} pauses was ${worst.toFixed(0)} ms, target at most ${MAX_PAUSE_MS}`, worst <= MAX_PAUSE_MS],
    [`the longest time in which a client got no answer was ${silence.toFixed(0)} ms, starting the service among it, target at most ${MAX_PAUSE_MS}`, silence <= MAX_PAUSE_MS],
    [`${off} of ${runs.length} predictions were off by more than ${100 * MAX_ERROR_RATIO} %, target none`, off === 0],
  ] as const;
  for (const [what, met] of checks) console.log(`${met ? 'met   ' : 'MISSED'} ${what}`);
  console.log(`load of the machine ${loadavg()[0]?.toFixed(2)}`);
  if (!checks.every(([, met]) => met)) process.exitCode = 1;
}

void main();
