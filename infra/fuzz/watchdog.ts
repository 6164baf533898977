import { writeSync } from 'node:fs';
import { Worker } from 'node:worker_threads';

/** Nothing that the product is given may take longer. */
export const HANG_MS = 5_000;
const LOOK_EVERY_MS = 250;
const SHOWN_BYTES = 4_096;

/** Watches from a thread of its own, which also sees a program that never comes back to its loop: that one's input is printed, and it is killed. */
export class Watchdog {
  private readonly beats = new Int32Array(new SharedArrayBuffer(8));
  private readonly shown = new Uint8Array(new SharedArrayBuffer(SHOWN_BYTES));
  private readonly worker: Worker;

  constructor(about: string, withinMs: number) {
    this.worker = new Worker(watch, { eval: true, workerData: { beats: this.beats, shown: this.shown, about, hangMs: withinMs, lookEveryMs: LOOK_EVERY_MS } });
    this.worker.unref();
  }

  /** From now on this input is in work; none, where it is empty. */
  begin(input: string): void {
    this.shown.fill(0);
    new TextEncoder().encodeInto(input.slice(0, SHOWN_BYTES / 4), this.shown);
    Atomics.store(this.beats, 1, input === '' ? 0 : 1);
    Atomics.add(this.beats, 0, 1);
  }

  async end(): Promise<void> {
    await this.worker.terminate();
  }
}

/** Far beyond it: what only waits is found by its own timer first, and told better. */
const watch = `
const { workerData: { beats, shown, about, hangMs, lookEveryMs } } = require('node:worker_threads');
let last = -1, sinceMs = Date.now();
setInterval(() => {
  const beat = Atomics.load(beats, 0);
  if (beat !== last) { last = beat; sinceMs = Date.now(); return; }
  if (Atomics.load(beats, 1) === 0 || Date.now() - sinceMs < 4 * hangMs) return;
  const input = Buffer.from(shown).toString().replace(/\\0+$/, '');
  require('node:fs').writeSync(2, about + ': did not come back within ' + 4 * hangMs + ' ms; the input: ' + input + '\\n');
  process.kill(process.pid, 'SIGKILL');
}, lookEveryMs);
`;

/** Without a buffer that a kill would empty. */
export function printNow(line: string): void {
  writeSync(1, `${line}\n`);
}
