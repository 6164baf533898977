import { fork, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { createRoutingActivities } from '../../../src/activities/routing-activities';
import { createHaproxyRouter } from '../../../src/adapters/haproxy/request-router';
import { createRuntimeApi } from '../../../src/adapters/haproxy/runtime-api';
import { createHaproxyTraffic } from '../../../src/adapters/haproxy/traffic-adapter';
import type { AuditEntry } from '../../../src/contracts/audit';
import { environment, type ForeshiftConfig } from '../../../src/contracts/config';
import { DEFAULT_ROUTING_POLICY } from '../../../src/domain/routing/routing-policy';
import { WORKFLOW_BUNDLE } from '../../../src/workers/worker-main';
import { findHaproxy, startHaproxy } from '../../local/haproxy/haproxy-process';
import { freePort } from '../../local/supervisor/free-port';
import { ManagedProcess } from '../../local/supervisor/managed-process';
import { startTemporal } from '../../local/supervisor/temporal-process';
import { provideTemporal } from '../../local/tools/provision-tools';
import type { Arrivals } from './arrivals-main';

/** The configuration of the documentation, seen from `dist`. */
const CONFIG_FILE = join(__dirname, '../../../../docs/haproxy.cfg');
const NAMES = ['a', 'b', 'c'] as const;

export interface StackOptions {
  readonly config: ForeshiftConfig;
  readonly slots: number;
  readonly serviceMs: number;
}

/** Three instances behind HAProxy, a Temporal server, and a worker that routes by that HAProxy. */
export async function startRoutingStack({ config, slots, serviceMs }: StackOptions) {
  const program = findHaproxy(config.path);
  if (program === null) throw new Error('HAProxy is missing; "apt-get install haproxy" brings it');
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const directory = mkdtempSync(join(tmpdir(), 'bench-routing-'));
  mkdirSync(join(directory, 'logs'));
  const processes: ManagedProcess[] = [];
  const env = { ...environment() };
  const instances = new Map<string, string>();
  for (const name of NAMES) {
    const child = await ManagedProcess.start({
      name,
      command: process.execPath,
      args: [require.resolve('./instance-main'), name, String(slots), String(serviceMs)],
      env,
      logFile: join(directory, 'logs', `${name}.log`),
      isReady: async ({ readyLine }) => readyLine !== null,
      readyWithinMs: 20_000,
    });
    processes.push(child);
    const { port } = JSON.parse(child.readyLine ?? '{}') as { port: number };
    instances.set(name, `127.0.0.1:${port}`);
  }
  const mapFile = join(directory, 'foreshift.map');
  writeFileSync(mapFile, '');
  const webPort = await freePort();
  const socket = join(directory, 'admin.sock');
  const [a = '', b = '', c = ''] = NAMES.map((name) => instances.get(name) ?? '');
  const settings = { FORESHIFT_SOCKET: socket, FORESHIFT_MAP: mapFile, WEB_PORT: String(webPort), WEB_A: a, WEB_B: b, WEB_C: c, PG_WRITE_PORT: String(await freePort()), PG_READ_PORT: String(await freePort()), PG_REPORT_PORT: String(await freePort()), PG_PRIMARY: a, PG_REPLICA: b };
  processes.push(await startHaproxy({ program, configFile: CONFIG_FILE, settings, directory }));
  const tool = await provideTemporal({ home: config.home, python: config.python, path: config.path, temporalCli: config.temporalCli, env });
  const { address } = await startTemporal({ directory, config, env }, tool.path, (child) => processes.push(child));

  const run = createRuntimeApi({ path: socket });
  const router = createHaproxyRouter(run, createHaproxyTraffic(run));
  const connection = await NativeConnection.connect({ address });
  const worker = await Worker.create({
    connection,
    namespace: config.temporalNamespace,
    taskQueue: config.taskQueue,
    workflowBundle: { codePath: WORKFLOW_BUNDLE },
    activities: { recordAudit: async (_entry: AuditEntry) => ({ seq: 1, hash: '', detailDigest: '' }), ...createRoutingActivities({ routerOf: () => router, forecast: async () => [], policy: DEFAULT_ROUTING_POLICY, now: Date.now }) },
  });
  const working = worker.run();
  const client = new Client({ connection: await Connection.connect({ address }), namespace: config.temporalNamespace });
  return {
    client,
    router,
    mapFile,
    url: `http://127.0.0.1:${webPort}`,
    /** The neighbour of an instance takes so many of its slots. */
    async job(name: string, taken: number): Promise<void> {
      await fetch(`http://${instances.get(name) ?? ''}/_job?slots=${taken}`);
    },
    /** Until nothing is worked on and nothing waits. */
    async quiet(): Promise<void> {
      for (const address of instances.values()) {
        for (;;) {
          const { busy, waiting } = (await (await fetch(`http://${address}/_state`)).json()) as { busy: number; waiting: number };
          if (busy + waiting === 0) break;
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
      }
    },
    async stop(): Promise<void> {
      worker.shutdown();
      await working;
      await connection.close();
      await client.connection.close();
      for (const child of processes.reverse()) await child.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

export type RoutingStack = Awaited<ReturnType<typeof startRoutingStack>>;

/** Requests from a process of their own. */
export function arrivals(url: string, perSecond: number, forMs: number, seed: number): Promise<Arrivals> {
  return new Promise((resolve, reject) => {
    const child: ChildProcess = fork(require.resolve('./arrivals-main'), [url, String(perSecond), String(forMs), String(seed)], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
    let told = '';
    child.stdout?.on('data', (chunk: Buffer) => (told += chunk.toString()));
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve(JSON.parse(told) as Arrivals) : reject(new Error(`the requests ended with code ${code ?? '?'}`))));
  });
}
