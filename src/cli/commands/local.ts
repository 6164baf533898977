import { spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { signalGroup } from '../../../infra/local/supervisor/managed-process';
import { isAlive, readStack, removeStack, runningStack, stackNames } from '../../../infra/local/supervisor/stack-file';
import type { StackInfo } from '../../../infra/local/supervisor/stack-file';
import { startStack } from '../../../infra/local/supervisor/start-stack';
import { environment, readConfig } from '../../contracts/config';

const UP_WITHIN_MS = 5 * 60_000;
const DOWN_WITHIN_MS = 30_000;

interface LocalOptions {
  readonly name: string;
  readonly json?: boolean;
  readonly worker?: boolean;
  readonly foreground?: boolean;
}

/** `foreshift local up|down|status` */
export function localCommand(): Command {
  const local = new Command('local').description('The local cloud: Temporal with UI, an AWS endpoint with real instances and traffic, a database, a worker');
  local
    .command('up')
    .description('provisions, starts and checks it; free ports on 127.0.0.1')
    .option('--name <name>', 'several can run side by side', 'default')
    .option('--no-worker', 'without a worker')
    .option('--foreground', 'stay in the foreground; Ctrl-C ends it')
    .option('--json', 'print its addresses as JSON')
    .action((options: LocalOptions) => (options.foreground === true ? foreground(options) : background(options)));
  local
    .command('down')
    .description('stops all of it; logs and databases are kept')
    .option('--name <name>', 'which one', 'default')
    .action(down);
  local
    .command('status')
    .description('what is up, and where')
    .option('--name <name>', 'which one; default: all')
    .option('--json', 'as JSON')
    .action(status);
  return local;
}

async function foreground(options: LocalOptions): Promise<void> {
  const stack = await startStack({
    name: options.name,
    config: readConfig(),
    env: { ...environment() },
    worker: options.worker !== false,
    onProgress: (step, state, note) => console.log(state === 'begins' ? `… ${step}` : `✓ ${step}${note ? ` (${note})` : ''}`),
  });
  console.log(options.json === true ? JSON.stringify(stack.info) : describe(stack.info));
  await new Promise<void>((done) => {
    process.once('SIGINT', done);
    process.once('SIGTERM', done);
  });
  const kept = await stack.stop();
  console.log(`stopped; kept: ${kept.join(', ')}`);
}

/** A supervisor of its own, of which this process only reads the log until the stack is up. */
async function background(options: LocalOptions): Promise<void> {
  const config = readConfig();
  const earlier = await runningStack(config.home, options.name);
  if (earlier !== null) throw new Error(`the local cloud "${options.name}" is already up (process ${earlier.supervisorPid}); "foreshift local down" ends it, --name starts another`);
  const logs = resolve(config.home, 'logs');
  mkdirSync(logs, { recursive: true });
  const logFile = join(logs, `supervisor-${options.name}.log`);
  const log = openSync(logFile, 'w');
  const entry = require.resolve('../main');
  const args = [entry, 'local', 'up', '--foreground', '--name', options.name, ...(options.worker === false ? ['--no-worker'] : [])];
  const child = spawn(process.execPath, args, { detached: true, stdio: ['ignore', log, log], env: { ...environment() } });
  child.unref();
  let ended = false;
  child.once('exit', () => (ended = true));
  let shown = 0;
  const deadline = Date.now() + UP_WITHIN_MS;
  while (!ended && Date.now() < deadline) {
    const lines = readFileSync(logFile, 'utf8').split('\n').slice(0, -1);
    if (options.json !== true) for (const line of lines.slice(shown)) if (/^[…✓]/.test(line)) console.log(line);
    shown = lines.length;
    const info = await runningStack(config.home, options.name);
    if (info !== null) {
      console.log(options.json === true ? JSON.stringify(info, null, 2) : describe(info));
      return;
    }
    await sleep(200);
  }
  if (!ended) signalGroup(child.pid, 'SIGTERM');
  throw new Error(readFileSync(logFile, 'utf8').trim().split('\n').filter((line) => !/^[…✓]/.test(line)).join('\n').replace(/^foreshift: /, ''));
}

async function down({ name }: { name: string }): Promise<void> {
  const { home } = readConfig();
  const info = await readStack(home, name);
  if (info === null) {
    console.log(`no local cloud "${name}" is up`);
    return;
  }
  if (isAlive(info.supervisorPid)) process.kill(info.supervisorPid, 'SIGTERM');
  const deadline = Date.now() + DOWN_WITHIN_MS;
  while (isAlive(info.supervisorPid) && Date.now() < deadline) await sleep(100);
  // What a killed supervisor could not stop; each is the leader of its own group.
  for (const { pid } of info.processes) if (isAlive(pid)) signalGroup(pid, 'SIGKILL');
  await removeStack(info.directory);
  console.log(`the local cloud "${name}" is down; kept: logs and databases in ${info.directory}, downloads in ${resolve(home, 'cache')}`);
}

async function status(options: { name?: string; json?: boolean }): Promise<void> {
  const { home } = readConfig();
  const names = options.name === undefined ? await stackNames(home) : [options.name];
  const stacks = (await Promise.all(names.map((name) => runningStack(home, name)))).filter((info) => info !== null);
  if (options.json === true) console.log(JSON.stringify(stacks, null, 2));
  else if (stacks.length === 0) console.log('no local cloud is up; "foreshift local up" starts one');
  else for (const info of stacks) console.log(describe(info));
  if (stacks.length === 0) process.exitCode = 1;
}

function describe(info: StackInfo): string {
  const processes = info.processes.map(({ name, pid }) => `${name} ${isAlive(pid) ? pid : 'GONE'}`).join(', ');
  return [
    `local cloud "${info.name}"`,
    `  Temporal UI   ${info.temporalUi}`,
    `  Temporal      ${info.temporalAddress}`,
    `  AWS endpoint  ${info.awsEndpoint} (${info.awsRegion})`,
    ...info.otherRegions.map(({ region, awsEndpoint }) => `                ${awsEndpoint ?? 'AWS'} (${region})`),
    `  database      ${info.databaseUrl}`,
    `  processes     supervisor ${info.supervisorPid}, ${processes}`,
  ].join('\n');
}
