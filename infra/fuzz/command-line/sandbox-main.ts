/* eslint-disable no-restricted-properties, @typescript-eslint/unbound-method -- every line finds the environment and the process as a new one would */
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FAMILIES } from '../../../src/cli/main';
import { grammarOf } from './grammar';

/** What one typed line came to. */
export interface Typed {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly stray: readonly string[];
  /** It served until it was told to stop. */
  readonly served: boolean;
  /** Whether it ends in an order of its own when it is told to; the signal ends whatever has none. */
  readonly stops: boolean;
}

const load = createRequire(__filename);
const ENTRY = load.resolve('../../../src/cli/main.js');
/** What runs longer serves, or waits for something that never comes. */
const SERVES_AFTER_MS = 1_000;
/** Longer than a connection is tried. */
const STOPS_WITHIN_MS = 6_500;
const MOST_CHARACTERS = 200_000;

/** Ends the run as `process.exit` would. */
class Exited extends Error {}

/**
 * The command line's own entry, again and again in one process that Node's permission model keeps from starting processes and from writing outside of its folder. Told
 * arguments by messages, it answers each with what came of it; the first answer is the grammar of all commands.
 */
async function main(): Promise<void> {
  const env = { ...process.env };
  const first = await run(['--version'], env);
  const { FAMILIES: families } = load(ENTRY) as { readonly FAMILIES: typeof FAMILIES };
  const commands = (await Promise.all(families.map((family) => family.load({ file: null, settled: [] })))).flat();
  process.send?.({ grammar: grammarOf(commands), first });
  process.on('message', (argv: readonly string[]) => void run(argv, env).then((typed) => process.send?.(typed)));
}

async function run(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<Typed> {
  let code: number | null = null;
  let hasExited: () => void = () => undefined;
  const exited = new Promise<void>((resolve) => (hasExited = resolve));
  const said = { stdout: '', stderr: '' };
  const stray: string[] = [];
  const noteStray = (error: unknown): void => {
    if (!(error instanceof Exited)) stray.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  };
  const before = { exit: process.exit, out: process.stdout.write, err: process.stderr.write };
  const hear = (to: keyof typeof said) => (piece: string | Uint8Array, ...rest: unknown[]): boolean => {
    // After an exit nothing is said any more.
    if (code === null && said[to].length < MOST_CHARACTERS) said[to] += typeof piece === 'string' ? piece : Buffer.from(piece).toString();
    const done = rest.at(-1);
    if (typeof done === 'function') (done as () => void)();
    return true;
  };
  process.env = { ...env };
  process.argv = [process.argv[0] ?? 'node', 'foreshift', ...argv];
  process.exitCode = undefined;
  process.exit = ((given?: number) => {
    code ??= given ?? Number(process.exitCode ?? 0);
    hasExited();
    throw new Exited();
  });
  process.stdout.write = hear('stdout');
  process.stderr.write = hear('stderr');
  process.on('unhandledRejection', noteStray).on('uncaughtException', noteStray);
  let served = false;
  let stops = false;
  let hasEnded = false;
  try {
    forget();
    const { ended } = load(ENTRY) as { readonly ended: Promise<void> };
    const end = Promise.race([ended, exited]).then(() => {
      hasEnded = true;
    });
    if ((await Promise.race([end.then(() => 'ended'), sleep(SERVES_AFTER_MS, 'serves')])) === 'serves') {
      served = true;
      stops = process.listenerCount('SIGTERM') > 0;
      process.emit('SIGTERM', 'SIGTERM');
      if (stops) await Promise.race([end, sleep(STOPS_WITHIN_MS)]);
    }
    await sleep(0);
  } finally {
    code ??= hasEnded ? Number(process.exitCode ?? 0) : null;
    process.exit = before.exit;
    process.stdout.write = before.out;
    process.stderr.write = before.err;
    process.off('unhandledRejection', noteStray).off('uncaughtException', noteStray);
    process.removeAllListeners('SIGTERM').removeAllListeners('SIGINT');
  }
  return { code, ...said, stray, served, stops };
}

/** The entry is loaded anew for every line; what it loads stays. */
function forget(): void {
  Reflect.deleteProperty(load.cache, ENTRY);
  module.children.splice(0, module.children.length, ...module.children.filter(({ filename }) => filename !== ENTRY));
}

void main();
