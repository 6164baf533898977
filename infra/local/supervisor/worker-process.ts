import { join } from 'node:path';
import type { RegionConfig } from '../../../src/contracts/config';
import { ManagedProcess } from './managed-process';
import { auditKeyOf } from './stack-file';
import type { ProcessContext } from './temporal-process';

export interface WorkerAddresses {
  readonly temporalAddress: string;
  readonly awsEndpoint: string;
  readonly otherRegions: readonly RegionConfig[];
  readonly databaseUrl: string;
}

export interface WorkerProgram {
  readonly file: string;
  readonly args: readonly string[];
}

const PRODUCT: WorkerProgram = { file: require.resolve('../../../src/workers/worker-main'), args: [] };

/** The product's own worker unless it is told otherwise, pointed at the local cloud. */
export function startWorker({ directory, config, env }: ProcessContext, addresses: WorkerAddresses, { file, args } = PRODUCT): Promise<ManagedProcess> {
  return ManagedProcess.start({
    name: 'worker',
    command: process.execPath,
    args: [file, ...args],
    env: {
      ...withoutTemporal(env),
      TEMPORAL_CONFIG_FILE: join(directory, 'no-temporal-profiles.toml'),
      TEMPORAL_ADDRESS: addresses.temporalAddress,
      TEMPORAL_NAMESPACE: config.temporalNamespace,
      FORESHIFT_TASK_QUEUE: config.taskQueue,
      DATABASE_URL: addresses.databaseUrl,
      AWS_ENDPOINT_URL: addresses.awsEndpoint,
      AWS_REGION: config.awsRegion,
      FORESHIFT_REGIONS: addresses.otherRegions.map(({ region, awsEndpoint }) => `${region}=${awsEndpoint ?? ''}`).join(','),
      FORESHIFT_AUDIT_KEY: auditKeyOf(directory),
      FORESHIFT_PACE: 'local',
    },
    logFile: join(directory, 'logs', 'worker.log'),
    isReady: async ({ readyLine }) => readyLine !== null,
    readyWithinMs: 90_000,
  });
}

/** The TLS, keys and profiles of a real server are not for the local one. */
function withoutTemporal(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('TEMPORAL_')));
}
