import { setTimeout as sleep } from 'node:timers/promises';
import { ModifyInstanceCapacityReservationAttributesCommand, StartInstancesCommand } from '@aws-sdk/client-ec2';
import { Client, Connection } from '@temporalio/client';
import type { WorkflowHandle } from '@temporalio/client';
import { createAwsClients, type AwsClients } from '../../../../src/adapters/aws/clients';
import { createInstanceCommands } from '../../../../src/adapters/aws/instance-commands';
import type { ForeshiftConfig } from '../../../../src/contracts/config';
import { MIGRATE_INSTANCE, type MigrateInstanceInput, type MigrateInstanceResult, type MigrationStatus } from '../../../../src/contracts/migrate-instance';
import { migrationWorkflowId } from '../../../../src/contracts/workflow-ids';
import { untilHealthy } from '../../../local/demo/behind-balancer';
import { createStatefulScene, type StatefulScene } from '../../../local/demo/stateful/stateful-scene';
import { STATEFUL_PORTS } from '../../../local/demo/stateful/stateful-user-data';
import type { Stack } from '../../../local/supervisor/start-stack';

type Handle = WorkflowHandle<(input: MigrateInstanceInput) => Promise<MigrateInstanceResult>>;

/** The parts of the stateful service on an instance, as their processes are found. */
export type Part = 'agent serve' | 'agent door' | 'kv-service';

/** A stateful service on a local cloud, that is moved from instance to instance. */
export class MovedService {
  private constructor(
    readonly scene: StatefulScene,
    readonly aws: AwsClients,
    private readonly client: Client,
    private readonly connection: Connection,
    private readonly taskQueue: string,
  ) {}

  static async on(stack: Stack, config: ForeshiftConfig): Promise<MovedService> {
    const aws = createAwsClients({ region: config.awsRegion, endpoint: stack.info.awsEndpoint, credentials: { accessKeyId: 'BENCH', secretAccessKey: 'local-cloud-only' } });
    const scene = await createStatefulScene(stack.info.awsEndpoint, aws);
    const connection = await Connection.connect({ address: stack.info.temporalAddress });
    return new MovedService(scene, aws, new Client({ connection, namespace: config.temporalNamespace }), connection, config.taskQueue);
  }

  async close(): Promise<void> {
    await this.connection.close();
  }

  move(instanceId: string, more: Partial<MigrateInstanceInput> = {}): Promise<Handle> {
    return this.client.workflow.start(MIGRATE_INSTANCE, { taskQueue: this.taskQueue, workflowId: migrationWorkflowId(instanceId), args: [{ instanceId, reason: 'a stateful service is moved', ...more }] }) as Promise<Handle>;
  }

  /** Waits until the move is so far. Throws where it ended before. */
  async until(handle: Handle, isSoFar: (status: MigrationStatus) => boolean, withinMs = 120_000): Promise<MigrationStatus> {
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

  /** The process of a part, on this machine, where all instances are. */
  async processOf(instanceId: string, part: Part): Promise<number> {
    const [first = part, ...rest] = part;
    const pid = Number((await this.run(instanceId, `pgrep -f "[${first}]${rest.join('')}.*$FORESHIFT_ADDRESS" | head -1`)) || 'nothing');
    if (Number.isNaN(pid)) throw new Error(`${part} does not run on ${instanceId}`);
    return pid;
  }

  async addressOf(instanceId: string): Promise<string> {
    return this.run(instanceId, 'echo $FORESHIFT_ADDRESS');
  }

  /** From now on the service there answers so many of a hundred requests with an error. */
  async breakService(instanceId: string, percent: number): Promise<void> {
    await fetch(`http://${await this.addressOf(instanceId)}:${STATEFUL_PORTS.hooks}/break?percent=${percent}`, { method: 'POST' });
  }

  /** Starts an instance that stands, and waits until its service answers again. */
  async startAgain(instanceId: string): Promise<void> {
    // It was launched into a reservation that was given back since.
    await this.aws.ec2.send(new ModifyInstanceCapacityReservationAttributesCommand({ InstanceId: instanceId, CapacityReservationSpecification: { CapacityReservationPreference: 'open' } }));
    await this.aws.ec2.send(new StartInstancesCommand({ InstanceIds: [instanceId] }));
    await untilHealthy(this.aws.elb, [this.scene.targetGroupArn]);
  }
}
