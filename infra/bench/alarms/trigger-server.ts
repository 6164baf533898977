import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { environment } from '../../../src/contracts/config';

const FORESHIFT = join(__dirname, '../../../../bin/foreshift.js');
const UP_WITHIN_MS = 30_000;

export interface ServerOptions {
  readonly stack: string;
  readonly queue: string;
  readonly folder: string;
  readonly rules: unknown;
  readonly taskQueue?: string;
}

/** `foreshift triggers serve` in a process of its own, as it runs in production. */
export class TriggerServer {
  private constructor(private readonly child: ChildProcess) {}

  static async start({ stack, queue, folder, rules, taskQueue }: ServerOptions): Promise<TriggerServer> {
    const file = join(folder, `${queue}.rules.json`);
    await writeFile(file, JSON.stringify(rules));
    const env = { ...environment(), ...(taskQueue === undefined ? {} : { FORESHIFT_TASK_QUEUE: taskQueue }) };
    const child = spawn(process.execPath, [FORESHIFT, 'triggers', 'serve', '--rules', file, '--queue', queue, '--stack', stack], { stdio: ['ignore', 'pipe', 'inherit'], env });
    let ready = false;
    createInterface({ input: child.stdout }).on('line', (line) => (ready ||= line.includes('takes messages')));
    for (const giveUpAtMs = Date.now() + UP_WITHIN_MS; !ready; await sleep(20)) {
      if (child.exitCode !== null || Date.now() > giveUpAtMs) throw new Error('foreshift triggers serve does not come up');
    }
    return new TriggerServer(child);
  }

  /** @param signal SIGKILL: it dies as if its machine did */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill(signal);
    await ended;
  }
}
