import { createAlarmDirectory } from '../../adapters/aws/alarm-directory';
import type { AwsClients } from '../../adapters/aws/clients';
import { createCompute } from '../../adapters/aws/compute';
import { createShapeCatalogue } from '../../adapters/aws/shape-catalogue';
import { createAuditLog } from '../../adapters/postgres/audit-log';
import { openDatabase } from '../../adapters/postgres/database';
import { ensureSchema } from '../../adapters/postgres/schema';
import { createTriggerStore } from '../../adapters/postgres/trigger-store';
import { openTemporal } from '../../adapters/temporal/open-temporal';
import type { TemporalConfig } from '../../adapters/temporal/open-temporal';
import { createQueueClient } from '../../adapters/temporal/queue-client';
import { createTriggerTemporal } from '../../adapters/temporal/trigger-temporal';
import type { ForeshiftConfig } from '../../contracts/config';
import { createIntake } from '../../triggers/intake';
import type { Intake } from '../../triggers/intake';
import type { TriggerRules } from '../../triggers/rules-file';

/** Longer than a worker needs for an update, and less than a message is hidden. */
const TEMPORAL_WITHIN_MS = 15_000;

export interface OpenIntake {
  readonly intake: Intake;
  readonly close: () => Promise<void>;
}

/** The intake with everything that it needs. A Temporal that is away is no reason not to begin: messages wait for it. */
export async function openIntake(config: TemporalConfig & Pick<ForeshiftConfig, 'databaseUrl' | 'taskQueue'>, clients: AwsClients, rules: TriggerRules): Promise<OpenIntake> {
  if (config.databaseUrl === null) throw new Error('no database: set DATABASE_URL, or start the local cloud with "foreshift local up"');
  const { client, connection } = openTemporal(config);
  const db = openDatabase(config.databaseUrl);
  const close = async (): Promise<void> => {
    await connection.close();
    await db.destroy();
  };
  try {
    await ensureSchema(db);
  } catch (error) {
    await close();
    throw error;
  }
  const { taskQueue } = config;
  const intake = createIntake({
    ...rules,
    store: createTriggerStore(db, Date.now),
    temporal: createTriggerTemporal(client, { taskQueue, queues: createQueueClient(() => client, taskQueue), withinMs: TEMPORAL_WITHIN_MS }),
    compute: createCompute(clients.ec2, createShapeCatalogue(clients)),
    alarms: createAlarmDirectory(clients.cloudwatch, Date.now),
    audit: createAuditLog(db),
    now: Date.now,
  });
  return { intake, close };
}
