import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import Table from 'cli-table3';
import { freePort } from '../../local/supervisor/free-port';
import { BenchState } from './bench-state';
import { foreshiftPeer } from './foreshift-peer';
import { copyPeer, has, type Measured, type Peer, rsyncPeer, tarPeer } from './peers';

const MIB = Number(process.argv[2] ?? 2_048);
const STAGES = ['first copy', '1 % changed', '10 % changed', 'nothing changed'] as const;
const TARGET_RATIO = 3;
const TARGET_RSS_MIB = 256;

type Stage = (typeof STAGES)[number];
type Results = ReadonlyMap<string, ReadonlyMap<Stage, Measured>>;

/** Copies one state with this project's transfer and with its peers, in the same run and from the same warm cache. The exit code is 1 where a target is missed. */
async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'foreshift-bench-'));
  const peers: Peer[] = [];
  try {
    const state = new BenchState(join(folder, 'source'), MIB);
    state.fill();
    // A disk that was written to much gets slower: those that are compared stand beside each other, and what only shows limits comes last.
    const withRsync = has('rsync');
    if (!withRsync) console.log('rsync is not on this machine: nothing to compare with');
    if (withRsync) peers.push(await rsyncPeer(state.root, folder, await freePort(), false));
    peers.push(await foreshiftPeer(state.root, folder, false));
    if (withRsync) peers.push(await rsyncPeer(state.root, folder, await freePort(), true));
    peers.push(await foreshiftPeer(state.root, folder, true));
    if (has('zstd')) peers.push(tarPeer(state.root, folder));
    peers.push(copyPeer(state.root, folder));
    console.log(`${MIB} MiB, load of the machine ${loadavg()[0]?.toFixed(2)}`);
    const results = await measureAll(state, peers);
    print(results);
    console.log(`load of the machine ${loadavg()[0]?.toFixed(2)}`);
    if (!judge(results)) process.exitCode = 1;
  } finally {
    for (const peer of peers) peer.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureAll(state: BenchState, peers: readonly Peer[]): Promise<Results> {
  const results = new Map(peers.map(({ name }) => [name, new Map<Stage, Measured>()]));
  for (const stage of STAGES) {
    const changed = stage === '1 % changed' ? state.change(0.01) : stage === '10 % changed' ? state.change(0.1) : 0;
    if (changed > 0) console.log(`${stage}: ${mb(changed)} MB became different`);
    for (const peer of peers) {
      if (stage !== 'first copy' && /^(tar|cp)/.test(peer.name)) continue;
      // What one peer wrote may not be written to disk in the next one's time.
      execFileSync('sync');
      results.get(peer.name)?.set(stage, await peer.sync());
    }
  }
  return results;
}

function print(results: Results): void {
  const table = new Table({ head: ['', 'stage', 'wall s', 'CPU s, both sides', 'MB on the wire', 'RSS MiB'], style: { head: [], border: [] } });
  for (const [name, stages] of results) for (const [stage, { wallMs, cpuMs, wireBytes, maxRssMib }] of stages) table.push([name, stage, (wallMs / 1000).toFixed(2), cpuMs === null ? '' : (cpuMs / 1000).toFixed(2), wireBytes === null ? '' : mb(wireBytes), maxRssMib?.toFixed(0) ?? '']);
  console.log(table.toString());
}

function judge(results: Results): boolean {
  const ours = results.get('foreshift');
  const of = (compress: boolean, stage: Stage): Measured | undefined => results.get(`rsync -a --inplace --no-whole-file${compress ? ' -z' : ''}`)?.get(stage);
  const verdicts: boolean[] = [];
  const check = (what: string, value: number, target: number, atLeast: boolean): void => {
    const met = atLeast ? value >= target : value <= target;
    verdicts.push(met);
    console.log(`${met ? 'met   ' : 'MISSED'} ${what}: ${value.toFixed(2)}, target ${atLeast ? 'at least' : 'at most'} ${target.toFixed(2)}`);
  };
  for (const stage of STAGES) {
    const own = ours?.get(stage);
    const plain = of(false, stage);
    const packed = of(true, stage);
    if (own === undefined || plain === undefined || packed === undefined) continue;
    if (stage === 'first copy') {
      check('first copy, times as fast as rsync', plain.wallMs / own.wallMs, 1, true);
      check('first copy, times as fast as rsync -z, which packs as this does', packed.wallMs / own.wallMs, 1, true);
    } else if (stage !== 'nothing changed') check(`${stage}, times as fast as the faster rsync`, Math.min(plain.wallMs, packed.wallMs) / own.wallMs, TARGET_RATIO, true);
    if (stage !== 'nothing changed') check(`${stage}, bytes against rsync -z`, (own.wireBytes ?? 0) / (packed.wireBytes ?? 1), 1, false);
  }
  check('resident memory of a side, MiB', Math.max(...[...(ours?.values() ?? [])].map(({ maxRssMib }) => maxRssMib ?? 0)), TARGET_RSS_MIB, false);
  return verdicts.every((met) => met);
}

function mb(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

void main();
