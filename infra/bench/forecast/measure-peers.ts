import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { environment, readConfig } from '../../../src/contracts/config';
import { installWheels } from '../../local/tools/python-wheels';
import { generatedLoad } from './generated-loads';

const WHEELS = ['prophet==1.5.0', 'statsforecast==2.1.1'];
const SCRIPT = 'infra/bench/forecast/peers.py';
const HISTORY_STEPS = 2016;

export interface PeerCost {
  readonly peer: string;
  readonly horizon: number;
  readonly series: number;
  /** CPU seconds a series, fit and forecast, one thread. */
  readonly seconds: number;
}

/** Times the peers, in a Python environment of their own in the project's cache, on the loads that the models are timed on. */
export async function measurePeers(series: number, horizons: readonly number[]): Promise<PeerCost[]> {
  const { python, path, home } = readConfig();
  const wheels = await installWheels({ python, path, cacheDir: resolve(home, 'cache') }, 'forecast-peers', WHEELS, { ...environment() });
  const child = spawn(python, [SCRIPT], { env: { ...environment(), PYTHONPATH: wheels }, stdio: ['pipe', 'pipe', 'pipe'] });
  const problems = text(child.stderr);
  const ended = new Promise<number | null>((done, failed) => child.on('error', failed).on('exit', done));
  child.stdin.end(JSON.stringify({ series: Array.from({ length: series }, (_, i) => generatedLoad(i, HISTORY_STEPS).values), horizons }));
  const output = await text(child.stdout);
  if ((await ended) !== 0) throw new Error(`the peers could not be timed:\n${(await problems).trim().split('\n').slice(-5).join('\n')}`);
  return output.trim().split('\n').map((line) => JSON.parse(line) as PeerCost);
}
