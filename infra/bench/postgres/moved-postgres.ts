import { setTimeout as sleep } from 'node:timers/promises';
import { ModifyInstanceCapacityReservationAttributesCommand, StartInstancesCommand, StopInstancesCommand } from '@aws-sdk/client-ec2';
import { Client, Connection } from '@temporalio/client';
import type { WorkflowHandle } from '@temporalio/client';
import { createAwsClients, type AwsClients } from '../../../src/adapters/aws/clients';
import { createInstanceCommands } from '../../../src/adapters/aws/instance-commands';
import type { ForeshiftConfig } from '../../../src/contracts/config';
import { MIGRATE_INSTANCE, type MigrateInstanceInput, type MigrateInstanceResult, type MigrationStatus } from '../../../src/contracts/migrate-instance';
import { migrationWorkflowId } from '../../../src/contracts/workflow-ids';
import { createPostgresScene, type PostgresScene } from '../../local/demo/postgresql/postgres-scene';
import type { Stack } from '../../local/supervisor/start-stack';

type MoveHandle = WorkflowHandle<(input: MigrateInstanceInput) => Promise<MigrateInstanceResult>>;

const MAX_PAUSE_MS = 5_000;

/** PostgreSQL on a local cloud, moved from instance to instance. */
export class MovedPostgres {
  private constructor(
    readonly stack: Stack,
    readonly scene: PostgresScene,
    private readonly aws: AwsClients,
    private readonly client: Client,
    private readonly connection: Connection,
    private readonly taskQueue: string,
  ) {}

  static async on(stack: Stack, config: ForeshiftConfig): Promise<MovedPostgres> {
    const aws = createAwsClients({ region: config.awsRegion, endpoint: stack.info.awsEndpoint, credentials: { accessKeyId: 'BENCH', secretAccessKey: 'local-cloud-only' } });
    const scene = await createPostgresScene(stack.info.awsEndpoint, aws);
    const connection = await Connection.connect({ address: stack.info.temporalAddress });
    return new MovedPostgres(stack, scene, aws, new Client({ connection, namespace: config.temporalNamespace }), connection, config.taskQueue);
  }

  async close(): Promise<void> {
    await this.connection.close();
  }

  move(instanceId: string): Promise<MoveHandle> {
    const input: MigrateInstanceInput = { instanceId, reason: 'a database is moved', maxPauseMs: MAX_PAUSE_MS };
    return this.client.workflow.start(MIGRATE_INSTANCE, { taskQueue: this.taskQueue, workflowId: migrationWorkflowId(instanceId), args: [input] }) as Promise<MoveHandle>;
  }

  /** Waits until the move is so far. Throws where it ended before. */
  async until(handle: MoveHandle, isSoFar: (status: MigrationStatus) => boolean, withinMs = 120_000): Promise<MigrationStatus> {
    for (const giveUpAtMs = Date.now() + withinMs; ; await sleep(50)) {
      const status = await handle.query<MigrationStatus>('status').catch(() => null);
      if (status !== null && isSoFar(status)) return status;
      if (status?.outcome != null) throw new Error(`the move ended before: ${status.outcome}`);
      if (Date.now() >= giveUpAtMs) throw new Error(`not so far within ${withinMs} ms: ${JSON.stringify(status)}`);
    }
  }

  /** Runs a command on the instance and returns what it printed. */
  async run(instanceId: string, command: string): Promise<string> {
    const commands = createInstanceCommands(this.aws.ssm);
    for (const giveUpAtMs = Date.now() + 60_000; ; await sleep(100)) {
      try {
        return (await commands.run(instanceId, command, { withinMs: 60_000 })).stdout.trim();
      } catch (error) {
        // An instance that has only just begun to run takes no commands yet.
        if ((error as { readonly type?: string }).type !== 'NotReadyYet' || Date.now() >= giveUpAtMs) throw error;
      }
    }
  }

  async stopInstance(instanceId: string): Promise<void> {
    await this.aws.ec2.send(new StopInstancesCommand({ InstanceIds: [instanceId] }));
  }

  async startInstance(instanceId: string): Promise<void> {
    // It was launched into a reservation that was given back since.
    await this.aws.ec2.send(new ModifyInstanceCapacityReservationAttributesCommand({ InstanceId: instanceId, CapacityReservationSpecification: { CapacityReservationPreference: 'open' } }));
    await this.aws.ec2.send(new StartInstancesCommand({ InstanceIds: [instanceId] }));
  }
}
