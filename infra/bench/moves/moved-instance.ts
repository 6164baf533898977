import { setTimeout as sleep } from 'node:timers/promises';
import { ModifyInstanceCapacityReservationAttributesCommand, StartInstancesCommand, StopInstancesCommand } from '@aws-sdk/client-ec2';
import { Client, Connection } from '@temporalio/client';
import type { WorkflowHandle } from '@temporalio/client';
import { createAwsClients, type AwsClients } from '../../../src/adapters/aws/clients';
import { createInstanceCommands } from '../../../src/adapters/aws/instance-commands';
import type { ForeshiftConfig } from '../../../src/contracts/config';
import { isFailure } from '../../../src/contracts/errors';
import { MIGRATE_INSTANCE, type MigrateInstanceInput, type MigrateInstanceResult, type MigrationStatus } from '../../../src/contracts/migrate-instance';
import { migrationWorkflowId } from '../../../src/contracts/workflow-ids';
import type { Stack } from '../../local/supervisor/start-stack';

export type MoveHandle = WorkflowHandle<(input: MigrateInstanceInput) => Promise<MigrateInstanceResult>>;

const MANAGED_WITHIN_MS = 60_000;

/** What moves from instance to instance on a local cloud: how it is told to, followed, and reached where it is. */
export class MovedInstance {
  private constructor(
    readonly aws: AwsClients,
    private readonly client: Client,
    private readonly connection: Connection,
    private readonly taskQueue: string,
  ) {}

  static async on({ info }: Stack, { awsRegion, temporalNamespace, taskQueue }: ForeshiftConfig): Promise<MovedInstance> {
    const aws = createAwsClients({ region: awsRegion, endpoint: info.awsEndpoint, credentials: { accessKeyId: 'BENCH', secretAccessKey: 'local-cloud-only' } });
    const connection = await Connection.connect({ address: info.temporalAddress });
    return new MovedInstance(aws, new Client({ connection, namespace: temporalNamespace }), connection, taskQueue);
  }

  async close(): Promise<void> {
    await this.connection.close();
  }

  move(input: MigrateInstanceInput): Promise<MoveHandle> {
    return this.client.workflow.start(MIGRATE_INSTANCE, { taskQueue: this.taskQueue, workflowId: migrationWorkflowId(input.instanceId), args: [input] }) as Promise<MoveHandle>;
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
    for (const giveUpAtMs = Date.now() + MANAGED_WITHIN_MS; ; await sleep(100)) {
      try {
        return (await commands.run(instanceId, command, { withinMs: 60_000 })).stdout.trim();
      } catch (error) {
        // An instance that has only just begun to run takes no commands yet.
        if (!isFailure(error, 'NotReadyYet') || Date.now() >= giveUpAtMs) throw error;
      }
    }
  }

  async stop(instanceId: string): Promise<void> {
    await this.aws.ec2.send(new StopInstancesCommand({ InstanceIds: [instanceId] }));
  }

  async start(instanceId: string): Promise<void> {
    // It was launched into a reservation that was given back since.
    await this.aws.ec2.send(new ModifyInstanceCapacityReservationAttributesCommand({ InstanceId: instanceId, CapacityReservationSpecification: { CapacityReservationPreference: 'open' } }));
    await this.aws.ec2.send(new StartInstancesCommand({ InstanceIds: [instanceId] }));
  }
}

/** Whether the service went over already. */
export function isHandedOver({ phase, phases }: MigrationStatus): boolean {
  return phase === 'bake' || phases.some(({ note }) => note?.startsWith('handed over') === true);
}

/** What a move notes of its pause; null where it had none, or nobody knows how long it was. */
export function pauseOf(result: MigrateInstanceResult): { readonly pauseMs: number; readonly predictedMs: number | null } | null {
  const noted = ('phases' in result ? result.phases : []).map(({ note }) => /handed over; pause (\d+) ms, predicted (?:(\d+) ms|unknown)/.exec(note ?? '')).find((match) => match !== null);
  return noted == null ? null : { pauseMs: Number(noted[1]), predictedMs: noted[2] === undefined ? null : Number(noted[2]) };
}
