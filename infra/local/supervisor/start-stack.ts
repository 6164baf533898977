import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeSigningKey } from '../../../src/adapters/signing-key';
import type { ForeshiftConfig } from '../../../src/contracts/config';
import { provideAwsTools, provideTemporal } from '../tools/provision-tools';
import type { ToolsConfig } from '../tools/provision-tools';
import { awsProcesses } from './aws-processes';
import { startDatabase } from './database-process';
import { ManagedProcess } from './managed-process';
import { auditKeyOf, removeStack, runningStack, stackDirectory, writeStack } from './stack-file';
import type { StackInfo } from './stack-file';
import { startTemporal } from './temporal-process';
import { startWorker } from './worker-process';
import type { WorkerProgram } from './worker-process';

export interface StackOptions {
  readonly name: string;
  readonly config: ForeshiftConfig;
  /** Environment of the tools: PATH, proxy and index settings of whoever starts the stack. */
  readonly env: NodeJS.ProcessEnv;
  readonly worker: boolean;
  readonly onProgress: (step: string, state: 'begins' | 'done', note?: string) => void;
  /** Another program than the product's worker, and what it is told. */
  readonly workerProgram?: WorkerProgram;
  /** How long virtual resources take; the local cloud's own when absent. */
  readonly delays?: Readonly<Record<string, number>>;
}

/** A running local cloud. */
export interface Stack {
  readonly info: StackInfo;
  readonly worker: ManagedProcess | null;
  /** Starts a worker: the first, or one more after a kill. */
  startWorker(): Promise<ManagedProcess>;
  /** A running part by its name: `temporal`, `database`, `aws` or `moto`. */
  part(name: string): ManagedProcess;
  /** Starts a part that has ended once more, with the addresses and files that it had. */
  startAgain(name: string): Promise<ManagedProcess>;
  /** Ends everything; returns what was kept on disk. */
  stop(): Promise<readonly string[]>;
}

/** Provisions, starts and checks all parts of the local cloud. Whatever was started is stopped again if a part fails. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { name, config } = options;
  const earlier = await runningStack(config.home, name);
  if (earlier !== null) throw new Error(`the local cloud "${name}" is already up (process ${earlier.supervisorPid}); "foreshift local down" ends it, --name starts another`);
  const directory = stackDirectory(config.home, name);
  await rm(directory, { recursive: true, force: true });
  await mkdir(join(directory, 'logs'), { recursive: true });
  writeSigningKey(auditKeyOf(directory));
  const started: ManagedProcess[] = [];
  const stopAll = async (): Promise<void> => {
    for (const child of started.splice(0).reverse()) await child.stop();
  };
  const step = async <T>(title: string, work: () => Promise<T>, note: (result: T) => string = () => ''): Promise<T> => {
    options.onProgress(title, 'begins');
    const result = await work();
    options.onProgress(title, 'done', note(result));
    return result;
  };
  const add = (child: ManagedProcess): ManagedProcess => {
    const ended = started.findIndex((earlier) => earlier.name === child.name && !earlier.alive);
    if (ended >= 0) started.splice(ended, 1);
    started.push(child);
    return child;
  };

  try {
    const tools: ToolsConfig = { home: config.home, temporalCli: config.temporalCli, python: config.python, path: config.path, env: options.env };
    const [temporalTool, awsTools] = await Promise.all([
      step('Temporal CLI', () => provideTemporal(tools), (tool) => tool.origin),
      step('moto and Envoy', () => provideAwsTools(tools)),
    ]);
    const context = { directory, config, env: options.env };
    const [temporal, database, aws] = await Promise.all([
      step('Temporal server', () => startTemporal(context, temporalTool.path, add), (server) => server.ui),
      step('Database', () => startDatabase(context, add), (db) => db.note),
      step('AWS endpoint', () => awsProcesses(context, awsTools, options.delays ?? {}, add), (regions) => regions.map(({ region, awsEndpoint }) => `${region} ${awsEndpoint}`).join(', ')),
    ]);
    const [home, ...otherRegions] = aws;
    const addresses = { temporalAddress: temporal.address, awsEndpoint: home?.awsEndpoint ?? '', otherRegions, databaseUrl: database.url };
    let worker: ManagedProcess | null = null;
    const launchWorker = async (): Promise<ManagedProcess> => {
      worker = add(await startWorker(context, addresses, options.workerProgram));
      return worker;
    };
    if (options.worker) await step('Worker', launchWorker);
    const info: StackInfo = {
      name,
      supervisorPid: process.pid,
      startedAtMs: Date.now(),
      temporalUi: temporal.ui,
      awsRegion: config.awsRegion,
      ...addresses,
      directory,
      processes: started.map((child) => ({ name: child.name, pid: child.pid })),
      notes: [`Temporal CLI from ${temporalTool.origin}`, database.note],
    };
    await writeStack(info);
    const part = (wanted: string): ManagedProcess => {
      const found = started.findLast((child) => child.name === wanted);
      if (found === undefined) throw new Error(`the local cloud has no part "${wanted}"`);
      return found;
    };
    return {
      info,
      get worker() {
        return worker;
      },
      startWorker: launchWorker,
      part,
      startAgain: async (wanted) => add(await ManagedProcess.start(part(wanted).spec)),
      async stop() {
        await stopAll();
        await removeStack(directory);
        return [directory];
      },
    };
  } catch (error) {
    await stopAll();
    throw error;
  }
}
