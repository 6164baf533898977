import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { createAwsClients, type AwsClients } from '../../../src/adapters/aws/clients';
import { createInstanceCommands } from '../../../src/adapters/aws/instance-commands';
import { createAuditLog, type AuditLog } from '../../../src/adapters/postgres/audit-log';
import { openDatabase } from '../../../src/adapters/postgres/database';
import { environment, readConfig, type ForeshiftConfig } from '../../../src/contracts/config';
import { bundleOfWorkflows } from '../../../src/workers/bundle-of-workflows';
import { takeInventory } from '../../local/demo/inventory';
import type { Inventory } from '../../local/demo/inventory';
import { startStack, type Stack } from '../../local/supervisor/start-stack';
import { Resources } from '../check/resources';
import { ControlServer } from '../control/control-server';
import { Fleet } from '../fleet/fleet';
import { Traffic } from '../fleet/traffic';
import { Outages } from './outages';
import { Reaper } from './reaper';

/** A local cloud with the fault worker, a fleet on it, its traffic, and what a case asks of them. */
export interface World {
  readonly stack: Stack;
  readonly client: Client;
  readonly taskQueue: string;
  readonly aws: AwsClients;
  readonly commands: ReturnType<typeof createInstanceCommands>;
  readonly resources: Resources;
  readonly audit: AuditLog;
  readonly control: ControlServer;
  readonly fleet: Fleet;
  readonly traffic: Traffic;
  readonly outages: Outages;
  readonly reaper: Reaper;
  readonly endpoint: string;
  /** What was there before the fleet's services. */
  readonly before: Inventory;
  close(): Promise<void>;
}

/** `together`: how many moves an outage is to find under way. */
async function openWorld(name: string, config: ForeshiftConfig, together: number): Promise<World> {
  const control = await ControlServer.start();
  const bundle = join(__dirname, '..', 'workflow-bundle.js');
  // The product's, with the interceptor that lets a case shorten deadlines.
  await writeFile(bundle, await bundleOfWorkflows([require.resolve('../worker/shorten-deadlines')]));
  const workerProgram = { file: require.resolve('../worker/fault-worker'), args: [control.url, bundle] };
  const stack = await startStack({ name, config, env: { ...environment() }, worker: true, workerProgram, onProgress: () => undefined });
  const db = openDatabase(stack.info.databaseUrl);
  const traffic = new Traffic();
  let connection: Connection | null = null;
  const close = async (): Promise<void> => {
    traffic.stop();
    control.stop();
    await connection?.close();
    await db.destroy();
    await stack.stop();
  };
  try {
    const { awsEndpoint, temporalAddress } = stack.info;
    const aws = createAwsClients({ region: config.awsRegion, endpoint: awsEndpoint, credentials: { accessKeyId: 'MATRIX', secretAccessKey: 'local-cloud-only' } });
    connection = await Connection.connect({ address: temporalAddress });
    const outages = new Outages(stack, together);
    const fleet = await Fleet.create(awsEndpoint, aws);
    const client = new Client({ connection, namespace: config.temporalNamespace });
    return {
      stack,
      client,
      taskQueue: config.taskQueue,
      aws,
      commands: createInstanceCommands(aws.ssm),
      resources: new Resources(awsEndpoint, aws.elb),
      audit: createAuditLog(db),
      control,
      fleet,
      endpoint: awsEndpoint,
      before: await takeInventory(awsEndpoint, aws.elb),
      traffic,
      outages,
      reaper: new Reaper(client, config.taskQueue, config.awsRegion),
      close: async () => {
        outages.end();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Opens a world, works in it, and closes it whatever comes. An error is told first of all: what is still under way fails in many ways when the world ends. */
export async function withWorld<T>(name: string, together: number, work: (world: World) => Promise<T>): Promise<T> {
  const world = await openWorld(name, readConfig(), together);
  try {
    return await work(world);
  } catch (error) {
    console.error(error);
    throw error;
  } finally {
    await world.close();
  }
}
