import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { signalGroup } from './process-group';

/** What a command left behind; no exit code where a signal ended it. */
export interface ShellOutcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ShellPlace {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A shell command of an instance, in a process group of its own: no process can join the group of another session. */
export interface ShellCommand {
  readonly group: number;
  /** Once it has ended and nothing it started holds its output any more. */
  readonly outcome: Promise<ShellOutcome>;
  readonly kill: () => void;
}

/** Starts `/bin/sh -c`; undefined where there is no such folder. More characters of output than `mostCharacters` are read and dropped. */
export function startShellCommand(command: string, { folder, env }: ShellPlace, mostCharacters: number): ShellCommand | undefined {
  const child = spawn('/bin/sh', ['-c', command], { cwd: folder, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  // Told by the missing process id.
  child.on('error', () => undefined);
  const { pid: group } = child;
  if (group === undefined) return undefined;
  const [stdout, stderr] = [gather(child.stdout, mostCharacters), gather(child.stderr, mostCharacters)];
  const outcome = new Promise<ShellOutcome>((resolve) => child.once('close', (exitCode) => resolve({ exitCode, stdout: stdout(), stderr: stderr() })));
  return { group, outcome, kill: () => void signalGroup(group, 'SIGKILL') };
}

function gather(stream: Readable, mostCharacters: number): () => string {
  let text = '';
  stream.setEncoding('utf8').on('data', (piece: string) => {
    if (text.length < mostCharacters) text = (text + piece).slice(0, mostCharacters);
  });
  return () => text;
}
