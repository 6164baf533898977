import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ProcessSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly logFile: string;
  /** Asked until it is true: a probe of the service itself. */
  readonly isReady: (started: { readonly readyLine: string | null }) => Promise<boolean>;
  readonly readyWithinMs: number;
}

const PROBE_EVERY_MS = 100;
const TERM_PATIENCE_MS = 6_000;

/** A child process in a group of its own, so that whatever it starts ends with it. */
export class ManagedProcess {
  private constructor(
    readonly spec: ProcessSpec,
    private readonly child: ChildProcess,
    private readonly exited: Promise<number | null>,
    readonly readyLine: string | null,
  ) {}

  get name(): string {
    return this.spec.name;
  }

  /** Starts it and waits until it serves; throws with the end of its log otherwise. */
  static async start(spec: ProcessSpec): Promise<ManagedProcess> {
    const log = openSync(spec.logFile, 'a');
    const child = spawn(spec.command, [...spec.args], { env: spec.env, detached: true, stdio: ['ignore', 'pipe', log] });
    closeSync(log);
    let readyLine: string | null = null;
    let ended: string | null = null;
    const exited = new Promise<number | null>((resolve) => {
      child.once('error', (error) => {
        ended = error.message;
        resolve(null);
      });
      child.once('exit', (code, signal) => {
        ended ??= `it ended with ${signal ?? `code ${code ?? '?'}`}`;
        resolve(code);
      });
    });
    // Only the first line is ours to read; the rest is let through so that the pipe never fills.
    if (child.stdout !== null) createInterface({ input: child.stdout }).on('line', (line) => (readyLine ??= line.startsWith('{"ready"') ? line : null));
    const deadline = Date.now() + spec.readyWithinMs;
    while (Date.now() < deadline && ended === null) {
      if (await spec.isReady({ readyLine }).catch(() => false)) return new ManagedProcess(spec, child, exited, readyLine);
      await sleep(PROBE_EVERY_MS);
    }
    signalGroup(child.pid, 'SIGKILL');
    throw new Error(`${spec.name} did not start: ${ended ?? `not ready within ${spec.readyWithinMs / 1000} s`}\n${tailOf(spec.logFile)}`);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get alive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  onExit(listener: () => void): void {
    void this.exited.then(listener);
  }

  /** SIGTERM, and SIGKILL to the whole group for what does not listen. */
  async stop(): Promise<void> {
    if (this.alive) this.child.kill('SIGTERM');
    const ended = await Promise.race([this.exited.then(() => true), sleep(TERM_PATIENCE_MS, false, { ref: false })]);
    if (!ended) process.stderr.write(`${this.name} did not end by itself\n`);
    signalGroup(this.child.pid, 'SIGKILL');
    await this.exited;
  }

  /** As a crash would: no chance to clean up. */
  async kill(): Promise<void> {
    signalGroup(this.child.pid, 'SIGKILL');
    await this.exited;
  }

  logTail(): string {
    return tailOf(this.spec.logFile);
  }
}

/** Command and arguments of a program that is not ours and would outlive a killed supervisor by itself. */
export function guarded(program: string, args: readonly string[]): Pick<ProcessSpec, 'command' | 'args'> {
  return { command: process.execPath, args: [require.resolve('./guarded-program'), program, ...args] };
}

/** By process id only; a group that is gone already is what was wanted. */
export function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined || pid <= 1) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function tailOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim().split('\n').slice(-12).join('\n');
  } catch {
    return '';
  }
}
