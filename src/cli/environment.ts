import type { Client } from '@temporalio/client';
import { auditKeyOf, runningStack } from '../../infra/local/supervisor/stack-file';
import { openDatabase } from '../adapters/postgres/database';
import type { Database } from '../adapters/postgres/database';
import type { Speaker } from '../adapters/temporal/actor/signing-interceptor';
import { openTemporal } from '../adapters/temporal/open-temporal';
import { environment, readConfig } from '../contracts/config';
import type { ForeshiftConfig } from '../contracts/config';
import { WrongUsage } from './report-failure';
import { applyDefaultProfile } from './settings/apply-settings';

const USUAL_STACK = 'default';

/** The local cloud that a flag names; else what the settings say; where they name no Temporal server, the local cloud that is up; then Temporal's default profile. */
export async function resolveConfig(stackName = USUAL_STACK): Promise<ForeshiftConfig> {
  const config = readConfig();
  if (stackName === USUAL_STACK && environment()['TEMPORAL_ADDRESS'] !== undefined) return config;
  const stack = await runningStack(config.home, stackName);
  if (stack === null) {
    if (stackName !== USUAL_STACK) throw new WrongUsage(`--stack is "${stackName}", and no such local cloud is up; "foreshift local status" lists those that are`);
    await applyDefaultProfile();
    return readConfig();
  }
  const { temporalAddress, databaseUrl, awsRegion, awsEndpoint, otherRegions, directory } = stack;
  // AWS_REGION may name the stack's other region; one that it does not have would go to AWS itself.
  const wanted = environment()['AWS_REGION'] === undefined && environment()['AWS_DEFAULT_REGION'] === undefined ? awsRegion : config.awsRegion;
  const region = [{ region: awsRegion, awsEndpoint }, ...otherRegions].find((one) => one.region === wanted);
  if (region === undefined) throw new Error(`AWS_REGION is ${wanted}; the local cloud "${stackName}" has ${[awsRegion, ...otherRegions.map((one) => one.region)].join(' and ')}`);
  return { ...config, temporalAddress, temporalSecured: false, databaseUrl, awsRegion: region.region, awsEndpoint: region.awsEndpoint, auditKey: config.auditKey ?? auditKeyOf(directory) };
}

/** Runs `work` with a connected client and closes the connection after it. @param speaker in whose name it speaks, where not its key's */
export async function withClient<T>(stackName: string, work: (client: Client, config: ForeshiftConfig) => Promise<T>, speaker?: () => Speaker): Promise<T> {
  const config = await resolveConfig(stackName);
  const { client, connection } = openTemporal(config, speaker);
  try {
    await connection.ensureConnected();
    return await work(client, config);
  } finally {
    await connection.close();
  }
}

export async function withDatabase<T>(stackName: string, work: (db: Database) => Promise<T>): Promise<T> {
  const { databaseUrl } = await resolveConfig(stackName);
  if (databaseUrl === null) throw new Error('no database: set DATABASE_URL, or start the local cloud with "foreshift local up"');
  const db = openDatabase(databaseUrl);
  try {
    return await work(db);
  } finally {
    await db.destroy();
  }
}
