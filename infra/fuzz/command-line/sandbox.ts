import { fork, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FILE_READERS } from '../edges/file-readers';
import { WORKFLOW_INPUTS } from '../edges/workflow-examples';
import type { CommandGrammar } from './grammar';
import type { Typed } from './sandbox-main';

/** Before what it left behind, such as a server, is in the way of others. */
const LINES_A_PROCESS = 400;
const ANSWERS_WITHIN_MS = 14_000;
/** Every command is loaded, on a machine that may be busy. */
const STARTS_WITHIN_MS = 180_000;

/** Names of files that lie where commands are typed, each right in its way. */
export const FILES: readonly string[] = [...FILE_READERS.map(({ file }) => file), ...Object.keys(WORKFLOW_INPUTS).map((type) => `${type}.json`)];

/** A process that lines are typed into: it starts no other, and writes nowhere but into its folder. */
export class Sandbox {
  private child: ChildProcess | null = null;
  private lines = 0;
  private grammarOfAll: readonly CommandGrammar[] = [];
  private readonly folder = mkdtempSync(join(tmpdir(), 'fuzz-cli-'));

  constructor(private readonly env: Readonly<Record<string, string>>) {}

  async grammar(): Promise<readonly CommandGrammar[]> {
    if (this.child === null) await this.start();
    return this.grammarOfAll;
  }

  /** Null where no answer came: the process is gone, or hangs. */
  async type(argv: readonly string[]): Promise<Typed | null> {
    const child = this.child ?? (await this.start());
    const answer = nextMessage(child, ANSWERS_WITHIN_MS);
    child.send(argv);
    const typed = (await answer) as Typed | null;
    this.lines += 1;
    if (typed === null || typed.served || typed.stray.length > 0 || this.lines >= LINES_A_PROCESS) this.end();
    return typed;
  }

  close(): void {
    this.end();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private end(): void {
    this.child?.kill('SIGKILL');
    this.child = null;
  }

  private async start(): Promise<ChildProcess> {
    const work = join(this.folder, 'a/b/c/work');
    rmSync(work, { recursive: true, force: true });
    mkdirSync(work, { recursive: true });
    this.layFiles(work);
    const execArgv = ['--experimental-permission', '--no-warnings', '--allow-fs-read=*', `--allow-fs-write=${this.folder}*`, '--allow-worker', '--allow-addons'];
    const child = fork(join(__dirname, 'sandbox-main.js'), [], { cwd: work, execArgv, stdio: ['ignore', 'ignore', 'inherit', 'ipc'], env: { ...this.env, HOME: work, FORESHIFT_HOME: join(work, '.foreshift'), TMPDIR: this.folder, PATH: '', NO_COLOR: '1' } });
    const hello = (await nextMessage(child, STARTS_WITHIN_MS)) as { readonly grammar: readonly CommandGrammar[]; readonly first: Typed } | null;
    if (hello === null || hello.first.code !== 0) throw new Error(`the command line does not start: ${hello?.first.stderr ?? 'no answer'}`);
    this.grammarOfAll = hello.grammar;
    this.child = child;
    this.lines = 0;
    return child;
  }

  private layFiles(work: string): void {
    for (const { file, examples } of FILE_READERS) {
      writeFileSync(join(work, file), examples[0] ?? '');
      chmodSync(join(work, file), 0o600);
    }
    for (const [type, { examples }] of Object.entries(WORKFLOW_INPUTS)) writeFileSync(join(work, `${type}.json`), JSON.stringify(examples.at(-1)));
    // Settings of its own would hold for every line; they are an edge of their own.
    rmSync(join(work, 'foreshift.yaml'));
  }
}

function nextMessage(child: ChildProcess, withinMs: number): Promise<unknown> {
  return new Promise((resolve) => {
    const end = (message: unknown): void => {
      clearTimeout(timer);
      child.off('message', end).off('exit', gone);
      resolve(message);
    };
    const gone = (): void => end(null);
    const timer = setTimeout(gone, withinMs);
    child.once('message', end).once('exit', gone);
  });
}
