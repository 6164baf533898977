import { connect } from 'node:net';
import { join } from 'node:path';
import type { ForeshiftConfig } from '../../../src/contracts/config';
import { SEARCH_ATTRIBUTES } from '../../../src/contracts/search-attributes';
import { freePort } from './free-port';
import { ManagedProcess, guarded } from './managed-process';

export interface ProcessContext {
  readonly directory: string;
  readonly config: ForeshiftConfig;
  readonly env: NodeJS.ProcessEnv;
}

/** The Temporal development server with its UI, on a database file. */
export async function startTemporal(
  { directory, config, env }: ProcessContext,
  executable: string,
  add: (child: ManagedProcess) => void,
): Promise<{ address: string; ui: string }> {
  const [port, uiPort] = [await freePort(), await freePort()];
  const child = await ManagedProcess.start({
    name: 'temporal',
    ...guarded(executable, [
      'server',
      'start-dev',
      ...['--ip', '127.0.0.1', '--port', String(port), '--ui-port', String(uiPort), '--namespace', config.temporalNamespace],
      ...['--db-filename', join(directory, 'temporal.db'), '--log-level', 'error'],
      // SQLite's default journal costs more than twice the CPU of the write-ahead log.
      ...['--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=normal'],
      // Timers fire up to a second late otherwise.
      ...['--dynamic-config-value', 'history.timerProcessorMaxTimeShift="10ms"'],
      ...SEARCH_ATTRIBUTES.flatMap(({ name, type }) => ['--search-attribute', `${name}=${type}`]),
    ]),
    env,
    logFile: join(directory, 'logs', 'temporal.log'),
    isReady: async () => (await accepts(port)) && (await fetch(`http://127.0.0.1:${uiPort}/api/v1/namespaces`)).ok,
    readyWithinMs: 60_000,
  });
  add(child);
  return { address: `127.0.0.1:${port}`, ui: `http://127.0.0.1:${uiPort}` };
}

export function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
