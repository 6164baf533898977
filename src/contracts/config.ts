import { DEFAULT_TASK_QUEUE } from './task-queues';

/** Everything that Foreshift takes from its environment; no other file reads it. */
export interface ForeshiftConfig {
  readonly temporalAddress: string;
  readonly temporalNamespace: string;
  readonly taskQueue: string;
  readonly databaseUrl: string | null;
  readonly awsRegion: string;
  /** The local cloud's gateway, or another endpoint of one's own; null for AWS itself. */
  readonly awsEndpoint: string | null;
  /** `local` shortens every wait to what the local cloud needs. */
  readonly pace: 'production' | 'local';
  /** Where downloads and local stacks are kept. */
  readonly home: string;
  /** A Temporal CLI of one's own. */
  readonly temporalCli: string | null;
  /** Python 3 for the local cloud's AWS emulator. */
  readonly python: string;
  readonly path: string;
  readonly ci: boolean;
}

/** Reads the environment. Throws with the variable's name and what was expected. */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env): ForeshiftConfig {
  const pace = env['FORESHIFT_PACE'] ?? 'production';
  if (pace !== 'production' && pace !== 'local') throw new Error(`FORESHIFT_PACE is "${pace}"; expected "production" or "local"`);
  return {
    temporalAddress: env['TEMPORAL_ADDRESS'] ?? '127.0.0.1:7233',
    temporalNamespace: env['TEMPORAL_NAMESPACE'] ?? 'default',
    taskQueue: env['FORESHIFT_TASK_QUEUE'] ?? DEFAULT_TASK_QUEUE,
    databaseUrl: postgresUrl(env['DATABASE_URL']),
    awsRegion: env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'] ?? 'us-east-1',
    awsEndpoint: env['AWS_ENDPOINT_URL'] ?? null,
    pace,
    home: env['FORESHIFT_HOME'] ?? '.foreshift',
    temporalCli: env['TEMPORAL_CLI'] ?? null,
    python: env['FORESHIFT_PYTHON'] ?? 'python3',
    path: env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
    ci: env['CI'] !== undefined && env['CI'] !== '' && env['CI'] !== 'false',
  };
}

function postgresUrl(url: string | undefined): string | null {
  if (url === undefined || url === '') return null;
  if (!/^postgres(ql)?:\/\//.test(url)) throw new Error('DATABASE_URL: expected postgresql://user:password@host:port/database');
  return url;
}

/** The whole environment, for the tools that the local cloud starts. */
export function environment(): Readonly<Record<string, string | undefined>> {
  return process.env;
}
