import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { DescribeListenersCommand, DescribeLoadBalancersCommand, DescribeTargetHealthCommand, ModifyListenerCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { TargetGroupTuple } from '@aws-sdk/client-elastic-load-balancing-v2';
import { Client, Connection } from '@temporalio/client';
import type { WorkflowHandle } from '@temporalio/client';
import type { AwsClients } from '../../src/adapters/aws/clients';
import { createAuditLog } from '../../src/adapters/postgres/audit-log';
import type { AuditLog } from '../../src/adapters/postgres/audit-log';
import { openDatabase } from '../../src/adapters/postgres/database';
import type { ForeshiftConfig } from '../../src/contracts/config';
import { readConfig } from '../../src/contracts/config';
import { MIGRATE_INSTANCE } from '../../src/contracts/migrate-instance';
import type { MigrateInstanceInput, MigrateInstanceResult, MigrationStatus } from '../../src/contracts/migrate-instance';
import { migrationWorkflowId } from '../../src/contracts/workflow-ids';
import { control } from '../../infra/local/demo/control-client';
import type { DemoFleet } from '../../infra/local/demo/demo-fleet';
import { leftOver, takeInventory } from '../../infra/local/demo/inventory';
import type { Inventory } from '../../infra/local/demo/inventory';
import type { LoadRun } from '../../infra/local/load/load-generator';
import type { Stack } from '../../infra/local/supervisor/start-stack';
import { provideTemporal } from '../../infra/local/tools/provision-tools';
import { built } from '../support/built';

const POLL_MS = 50;

export interface GatewayCall {
  readonly seq: number;
  readonly service: string;
  readonly operation: string;
  readonly mutating: boolean;
  readonly outcome: string;
}

/** What `temporal` answered: its exit code and everything it printed. */
export interface CliAnswer {
  readonly code: number;
  readonly output: string;
}

/** A local cloud of the test's own, the demo's fleet on it, and what a test asks of them. */
export class LiveFleet {
  private constructor(
    readonly stack: Stack,
    readonly aws: AwsClients,
    readonly fleet: DemoFleet,
    readonly client: Client,
    private readonly connection: Connection,
    private readonly config: ForeshiftConfig,
  ) {}

  static async start(name: string): Promise<LiveFleet> {
    const config = readConfig();
    const { startStack } = built<typeof import('../../infra/local/supervisor/start-stack')>('infra/local/supervisor/start-stack');
    const { createAwsClients } = built<typeof import('../../src/adapters/aws/clients')>('src/adapters/aws/clients');
    const { createFleet } = built<typeof import('../../infra/local/demo/demo-fleet')>('infra/local/demo/demo-fleet');
    const stack = await startStack({ name, config, env: process.env, worker: true, onProgress: () => undefined });
    try {
      const aws = createAwsClients({ region: config.awsRegion, endpoint: stack.info.awsEndpoint, credentials: { accessKeyId: 'TEST', secretAccessKey: 'local-cloud-only' } });
      const fleet = await createFleet(stack.info.awsEndpoint, aws);
      const connection = await Connection.connect({ address: stack.info.temporalAddress });
      return new LiveFleet(stack, aws, fleet, new Client({ connection, namespace: config.temporalNamespace }), connection, config);
    } catch (error) {
      await stack.stop();
      throw error;
    }
  }

  /** The cloud's other region, which begins empty: its endpoint and its clients. */
  otherRegion(): { readonly region: string; readonly endpoint: string; readonly aws: AwsClients } {
    const [other] = this.stack.info.otherRegions;
    if (other?.awsEndpoint == null) throw new Error('the local cloud has one region only');
    const { createAwsClients } = built<typeof import('../../src/adapters/aws/clients')>('src/adapters/aws/clients');
    const { region, awsEndpoint: endpoint } = other;
    return { region, endpoint, aws: createAwsClients({ region, endpoint, credentials: { accessKeyId: 'TEST', secretAccessKey: 'local-cloud-only' } }) };
  }

  async stop(): Promise<void> {
    await this.connection.close();
    await this.stack.stop();
  }

  /** The instance of that name in the fleet as it was made. */
  instance(name: string): string {
    const found = this.fleet.instances.find((one) => one.name === name);
    if (found === undefined) throw new Error(`no instance is named ${name}`);
    return found.instanceId;
  }

  start(input: MigrateInstanceInput): Promise<WorkflowHandle> {
    return this.client.workflow.start(MIGRATE_INSTANCE, { taskQueue: this.config.taskQueue, workflowId: migrationWorkflowId(input.instanceId), args: [input] });
  }

  async migrate(input: MigrateInstanceInput): Promise<MigrateInstanceResult> {
    return (await (await this.start(input)).result()) as MigrateInstanceResult;
  }

  /** `temporal ...`, as an operator would type it. */
  async temporal(...args: string[]): Promise<CliAnswer> {
    const { home, python, path, temporalCli } = this.config;
    const tool = await provideTemporal({ home, python, path, temporalCli, env: process.env });
    return answerOf(promisify(execFile)(tool.path, [...args, '--address', this.stack.info.temporalAddress]));
  }

  /** Lines of a shell in an empty folder, where `temporal` is found and speaks to this server; ends with the first that fails. */
  async shell(lines: string, variables: Readonly<Record<string, string>>): Promise<CliAnswer> {
    const { home, python, path, temporalCli } = this.config;
    const tool = await provideTemporal({ home, python, path, temporalCli, env: process.env });
    const cwd = await mkdtemp(join(tmpdir(), 'recipes-'));
    const env = { ...process.env, ...variables, PATH: `${dirname(tool.path)}:${path}`, TEMPORAL_ADDRESS: this.stack.info.temporalAddress, HOME: cwd };
    try {
      return await answerOf(promisify(execFile)('bash', ['-exc', lines], { cwd, env, timeout: 180_000, maxBuffer: 64 * 1_048_576 }));
    } finally {
      await rm(cwd, { recursive: true, force: true });
    }
  }

  /** Starts a workflow as an operator would, from a terminal. */
  async startByCli(type: string, workflowId: string, input: unknown): Promise<WorkflowHandle> {
    const { code, output } = await this.temporal('workflow', 'start', '--type', type, '--task-queue', this.config.taskQueue, '--workflow-id', workflowId, '--input', JSON.stringify(input));
    if (code !== 0) throw new Error(output);
    return this.client.workflow.getHandle(workflowId);
  }

  control<T>(method: 'GET' | 'PUT' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<T> {
    return control<T>(this.stack.info.awsEndpoint, method, path, body);
  }

  async callsSince(seq: number): Promise<readonly GatewayCall[]> {
    return (await this.control<{ calls: readonly GatewayCall[] }>('GET', `/_local/calls?since=${seq}`)).calls;
  }

  async lastCall(): Promise<number> {
    return (await this.callsSince(0)).at(-1)?.seq ?? 0;
  }

  inventory(): Promise<Inventory> {
    return takeInventory(this.stack.info.awsEndpoint, this.aws.elb);
  }

  /** What is there now, was not in `before`, and is not the replacement that a completed migration leaves. */
  async leftSince(before: Inventory, result: MigrateInstanceResult): Promise<readonly string[]> {
    return leftOver(before, await this.inventory(), result.kind === 'Completed' ? [result.replacementId] : []);
  }

  /** ELBv2's state of the instance in its service's own group; null where neither lists it. */
  async targetState(instanceId: string): Promise<string | null> {
    for (const TargetGroupArn of Object.values(this.fleet.targetGroups)) {
      const { TargetHealthDescriptions = [] } = await this.aws.elb.send(new DescribeTargetHealthCommand({ TargetGroupArn }));
      const found = TargetHealthDescriptions.find(({ Target }) => Target?.Id === instanceId);
      if (found !== undefined) return found.TargetHealth?.State ?? null;
    }
    return null;
  }

  /** As somebody else would: other weights for the default action of the fleet's listener. */
  async changeWeights(change: (forward: readonly TargetGroupTuple[]) => TargetGroupTuple[]): Promise<void> {
    const { elb } = this.aws;
    const { LoadBalancers = [] } = await elb.send(new DescribeLoadBalancersCommand({}));
    const { Listeners = [] } = await elb.send(new DescribeListenersCommand({ LoadBalancerArn: LoadBalancers[0]?.LoadBalancerArn }));
    const [action] = Listeners[0]?.DefaultActions ?? [];
    await elb.send(new ModifyListenerCommand({ ListenerArn: Listeners[0]?.ListenerArn, DefaultActions: [{ Type: 'forward', ForwardConfig: { TargetGroups: change(action?.ForwardConfig?.TargetGroups ?? []) } }] }));
  }

  /** The audit's own check of its chain. */
  async verifyAudit(): ReturnType<AuditLog['verify']> {
    const db = openDatabase(this.stack.info.databaseUrl);
    try {
      return await createAuditLog(db).verify();
    } finally {
      await db.destroy();
    }
  }

  /** Requests at a fixed rate to both services, until stopped; some of them slow where that is asked for. */
  traffic(slowMs?: number): { stop(): Promise<{ sent: number; failed: number; firstFailures: readonly unknown[] }> } {
    const { startLoad } = built<typeof import('../../infra/local/load/load-generator')>('infra/local/load/load-generator');
    const loads: LoadRun[] = ['/items', '/api/items'].map((path) => startLoad({ url: this.fleet.url, path, ratePerSecond: 60, connections: 8 }));
    if (slowMs !== undefined) loads.push(startLoad({ url: this.fleet.url, path: `/items?slow=${slowMs}`, ratePerSecond: 5, connections: 30 }));
    return {
      stop: async () => {
        const summaries = await Promise.all(loads.map((load) => load.stop()));
        return {
          sent: summaries.reduce((sum, one) => sum + one.started, 0),
          failed: summaries.reduce((sum, one) => sum + one.failed + one.unfinished, 0),
          firstFailures: summaries.flatMap((one) => one.firstFailures),
        };
      },
    };
  }

  /** Waits until the status query satisfies; a query that nobody answers is asked again. */
  async until(handle: WorkflowHandle, what: string, holds: (status: MigrationStatus) => boolean, withinMs = 60_000): Promise<MigrationStatus> {
    const deadline = Date.now() + withinMs;
    let last: MigrationStatus | null = null;
    while (Date.now() < deadline) {
      last = await handle.query<MigrationStatus>('status').catch(() => null);
      if (last !== null && holds(last)) return last;
      await sleep(POLL_MS);
    }
    throw new Error(`${what} did not come within ${withinMs / 1000} s; the last status: ${JSON.stringify(last)}`);
  }

  /** Waits until the cloud has carried out an operation that was called after `seq`, whether or not its reply arrived. */
  async untilCalled(operation: string, seq: number, withinMs = 60_000): Promise<void> {
    const deadline = Date.now() + withinMs;
    while (Date.now() < deadline) {
      const calls = await this.callsSince(seq);
      if (calls.some((call) => call.operation === operation && call.outcome.endsWith('OK'))) return;
      await sleep(POLL_MS);
    }
    throw new Error(`nobody called ${operation} within ${withinMs / 1000} s`);
  }
}

async function answerOf(run: Promise<{ readonly stdout: string; readonly stderr: string }>): Promise<CliAnswer> {
  try {
    const { stdout, stderr } = await run;
    return { code: 0, output: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, output: stdout + stderr };
  }
}
