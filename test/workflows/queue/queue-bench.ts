import { Context } from '@temporalio/activity';
import type { Client, WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker, bundleWorkflowCode } from '@temporalio/worker';
import { createIsolationActivities } from '../../../src/activities/isolation-activities';
import { createQueueActivities } from '../../../src/activities/queue-activities';
import { createMigrationDirectory } from '../../../src/adapters/temporal/migration-directory';
import { callQueue, createQueueClient } from '../../../src/adapters/temporal/queue-client';
import { ISOLATE_HOST } from '../../../src/contracts/isolate-host';
import { MIGRATION_QUEUE, QUEUE_MESSAGES } from '../../../src/contracts/migration-queue';
import type { EnqueueAnswer, EnqueueArgs, MigrationQueueInput, QueueStatus } from '../../../src/contracts/migration-queue';
import { isolationWorkflowId, queueWorkflowId } from '../../../src/contracts/workflow-ids';
import { DEFAULT_PLAN_POLICY } from '../../../src/domain/fleet-plan/plan-policy';
import type { MoveRequest } from '../../../src/domain/queue/move-request';
import type { QueuePolicy } from '../../../src/domain/queue/queue-policy';
import { idOf, requestOf } from '../../domain/queue/queue-fixtures';
import { startDevServer } from '../dev-server';
import { quietRuntime } from '../saga-bench';
import { FakeFleet } from './fake-fleet';

const TASK_QUEUE = 'queue-bench';

export const silent = { log: () => undefined, trace: () => undefined, debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/**
 * The queue on a Temporal dev server, with stubs for migrations and fake fleets; a queue and a fleet for each test. No time is
 * skipped: the server that skips it hangs on workflows that were terminated, and knows no limits for updates. What takes hours
 * is tested without a server, on the functions that decide.
 */
export class QueueBench {
  private readonly fleets = new Map<string, FakeFleet>();
  private count = 0;
  private name = 'none';

  private constructor(
    readonly env: TestWorkflowEnvironment,
    private readonly code: string,
    private worker: { readonly worker: Worker; readonly done: Promise<void> } | null,
  ) {}

  static async start(): Promise<QueueBench> {
    quietRuntime();
    const env = await startDevServer();
    const { code } = await bundleWorkflowCode({ workflowsPath: require.resolve('./with-stub'), logger: silent });
    const bench = new QueueBench(env, code, null);
    await bench.startWorker();
    return bench;
  }

  async stop(): Promise<void> {
    await this.stopWorker();
    await this.env.teardown();
  }

  get client(): Client {
    return this.env.client;
  }

  /** A worker that remembers nothing: it replays whatever it is given. */
  async startWorker(): Promise<void> {
    const client = (): Client => Context.current().client;
    const migrations = createMigrationDirectory(client);
    const of = <T extends object>(pick: (fleet: FakeFleet) => T, names: readonly (keyof T & string)[]): Record<string, (args: never) => unknown> =>
      Object.fromEntries(names.map((name) => [name, (args?: { input?: { queueId?: string } }) => (pick(this.fleetOf(args?.input?.queueId)) as Record<string, (args: unknown) => unknown>)[name]?.(args)]));
    const queueActivities = (fleet: FakeFleet) =>
      createQueueActivities({ compute: fleet.compute, balancer: { bindingsOf: async () => [] }, isolations: fleet.isolationStore, migrations, queues: createQueueClient(client, TASK_QUEUE), recheck: async () => new Map(), now: Date.now });
    const worker = await Worker.create({
      connection: this.env.nativeConnection,
      namespace: this.env.namespace ?? 'default',
      taskQueue: TASK_QUEUE,
      workflowBundle: { code: this.code },
      activities: {
        ...of((fleet) => fleet.acts, ['resolvePolicy', 'recordAudit', 'recordAudits', 'reserveCapacity', 'releaseReservations']),
        ...of((fleet) => fleet.stubs, ['moveBegins', 'moveEnds']),
        ...of((fleet) => createIsolationActivities({ compute: fleet.places, isolations: fleet.isolationStore, queues: createQueueClient(client, TASK_QUEUE), policy: DEFAULT_PLAN_POLICY }), ['isolatePlace', 'liftIsolation', 'drainPlace']),
        ...of(queueActivities, ['resolveWindows', 'inspectMoves', 'describeMoves', 'enqueueMoves', 'cancelMoves']),
      },
      maxHeartbeatThrottleInterval: '20ms',
    });
    this.worker = { worker, done: worker.run() };
  }

  async stopWorker(): Promise<void> {
    this.worker?.worker.shutdown();
    await this.worker?.done;
    this.worker = null;
  }

  /** A new queue of a new fleet. */
  async fresh(policy: Partial<QueuePolicy> = {}, more: Partial<MigrationQueueInput> = {}): Promise<FakeFleet> {
    this.name = `shop-${(this.count += 1)}`;
    this.fleets.set(queueWorkflowId(this.name), new FakeFleet());
    await this.client.workflow.start(MIGRATION_QUEUE, { taskQueue: TASK_QUEUE, workflowId: queueWorkflowId(this.name), args: [{ fleet: this.name, lookEveryMs: 500, policy, ...more }] });
    return this.fleet;
  }

  get fleet(): FakeFleet {
    return this.fleets.get(queueWorkflowId(this.name)) ?? new FakeFleet();
  }

  /** Of the queue that calls, or that the migration which calls belongs to: queues of earlier tests may still be at work. */
  private fleetOf(queueId: string | undefined): FakeFleet {
    const id = queueId ?? Context.current().info.workflowExecution?.workflowId ?? '';
    return this.fleets.get(id) ?? this.fleet;
  }

  get queue(): WorkflowHandle {
    return this.client.workflow.getHandle(queueWorkflowId(this.name));
  }

  /** The i-th request to begin at once, with an instance of its own and a healthy neighbour. */
  async request(i: number, change: Partial<MoveRequest> = {}): Promise<MoveRequest> {
    const request = this.fleet.add(requestOf(this.count * 10_000 + i, { itemId: `item-${i}`, service: `service-${i}`, sourcePool: `zone-${i}`, notBeforeMs: 0, ...change }), this.name);
    this.fleet.add({ ...request, instanceId: idOf(this.count * 10_000 + 5_000 + i), sourcePool: `beside-${i}` }, this.name);
    return request;
  }

  requests(count: number, change: (i: number) => Partial<MoveRequest> = () => ({})): Promise<MoveRequest[]> {
    return Promise.all(Array.from({ length: count }, (_, i) => this.request(i + 1, change(i + 1))));
  }

  enqueue(requests: readonly MoveRequest[]): Promise<readonly EnqueueAnswer[]> {
    return callQueue<readonly EnqueueAnswer[], EnqueueArgs>(this.client, TASK_QUEUE, this.name, QUEUE_MESSAGES.enqueue, { requests });
  }

  /** Begins an isolation in the fleet's world; its name must be another one in each test. */
  isolate(input: object, place: string): Promise<WorkflowHandle> {
    this.fleets.set(isolationWorkflowId(place), this.fleet);
    return this.client.workflow.start(ISOLATE_HOST, { taskQueue: TASK_QUEUE, workflowId: isolationWorkflowId(place), args: [input] });
  }

  get fleetName(): string {
    return this.name;
  }

  tell<T>(message: string, args: unknown): Promise<T> {
    return this.queue.executeUpdate<T, [unknown]>(message, { args: [args] });
  }

  status(): Promise<QueueStatus> {
    return this.queue.query<QueueStatus, [{ limit?: number }]>(QUEUE_MESSAGES.status, {});
  }

  pass(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms));
  }

  /** Looks until it is so. */
  async until(what: (status: QueueStatus) => boolean): Promise<QueueStatus> {
    let status = await this.status();
    await this.untilTrue(async () => what((status = await this.status()))).catch((error: unknown) => {
      throw new Error(`${String(error)}; the last status: ${JSON.stringify({ ...status, policy: undefined }).slice(0, 2_000)}`);
    });
    return status;
  }

  async untilTrue(what: () => boolean | Promise<boolean>): Promise<void> {
    for (const began = Date.now(); Date.now() - began < 50_000; await this.pass(25)) if (await what()) return;
    throw new Error('not within fifty seconds');
  }
}
