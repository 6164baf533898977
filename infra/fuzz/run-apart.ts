import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';
import type { Edge } from './edge';
import type { EdgeResult } from './run-edge';

/** Runs an edge in a process of its own, so that a crash or a hang is one edge's, and memory is counted by itself. */
export async function runApart({ name }: Edge, count: number, seed: number): Promise<EdgeResult> {
  const child = spawn(process.execPath, ['--expose-gc', join(__dirname, 'edge-main.js'), name, String(count), String(seed)], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<string>((resolve) => child.once('close', (code, signal) => resolve(signal ?? `exit code ${code}`)));
  const [said, complained, end] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  const last = said.trim().split('\n').at(-1) ?? '';
  if (end === 'exit code 0' && last.startsWith('{')) return JSON.parse(last) as EdgeResult;
  const what = `the process ended with ${end}: ${complained.trim().slice(-2_000)}`;
  return { edge: name, inputs: 0, accepted: 0, refused: 0, violations: [{ what, input: 'see above', seed, count }], seconds: 0, heapGrowthBytes: null };
}
