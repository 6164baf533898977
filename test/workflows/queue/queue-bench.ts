import { Context } from '@temporalio/activity';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker, bundleWorkflowCode } from '@temporalio/worker';
import { provideTestServer } from '../../../infra/local/tools/provision-tools';
import { createQueueActivities } from '../../../src/activities/queue-activities';
import { createMigrationDirectory } from '../../../src/adapters/temporal/migration-directory';
import { callQueue, createQueueClient } from '../../../src/adapters/temporal/queue-client';
import { readConfig } from '../../../src/contracts/config';
import { retryableFailure } from '../../../src/contracts/errors';
import { MIGRATION_QUEUE, QUEUE_MESSAGES } from '../../../src/contracts/migration-queue';
import type { EnqueueAnswer, EnqueueArgs, MigrationQueueInput, QueueStatus } from '../../../src/contracts/migration-queue';
import { SEARCH_ATTRIBUTES } from '../../../src/contracts/search-attributes';
import { queueWorkflowId } from '../../../src/contracts/workflow-ids';
import type { MoveRequest } from '../../../src/domain/queue/move-request';
import type { QueuePolicy } from '../../../src/domain/queue/queue-policy';
import { idOf, requestOf } from '../../domain/queue/queue-fixtures';
import { quietRuntime } from '../saga-bench';
import { FakeFleet } from './fake-fleet';

const TASK_QUEUE = 'queue-bench';
const KEYWORD = 2;

export const silent = { log: () => undefined, trace: () => undefined, debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** The queue on a Temporal server that skips time, with stubs for migrations and a fake fleet; one queue at a time. */
export class QueueBench {
  fleet = new FakeFleet();
  private count = 0;
  private name = 'none';

  private constructor(
    readonly env: TestWorkflowEnvironment,
    private readonly code: string,
    private worker: { readonly worker: Worker; readonly done: Promise<void> } | null,
  ) {}

  static async start(): Promise<QueueBench> {
    quietRuntime();
    const path = await provideTestServer({ ...readConfig(), env: process.env });
    const env = await TestWorkflowEnvironment.createTimeSkipping({ server: { executable: { type: 'existing-path', path } } });
    await env.connection.operatorService.addSearchAttributes({ namespace: env.namespace ?? 'default', searchAttributes: Object.fromEntries(SEARCH_ATTRIBUTES.map(({ name }) => [name, KEYWORD])) });
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
      Object.fromEntries(names.map((name) => [name, (args: never) => (pick(this.fleet)[name] as (args: never) => unknown)(args)]));
    const queueActivities = (fleet: FakeFleet) =>
      createQueueActivities({ compute: fleet.compute, balancer: { bindingsOf: async () => [] }, isolations: fleet.isolationStore, migrations, queues: createQueueClient(client, TASK_QUEUE), now: Date.now });
    const worker = await Worker.create({
      connection: this.env.nativeConnection,
      namespace: this.env.namespace ?? 'default',
      taskQueue: TASK_QUEUE,
      workflowBundle: { code: this.code },
      activities: {
        ...of((fleet) => fleet.acts, ['resolvePolicy', 'recordAudit', 'recordAudits', 'reserveCapacity', 'releaseReservations']),
        ...of((fleet) => fleet.stubs, ['moveBegins', 'moveEnds']),
        ...of(queueActivities, ['resolveWindows', 'inspectMoves', 'describeMoves', 'enqueueMoves', 'cancelMoves']),
        inspectMoves: async (args: never) => {
          if (this.fleet.unavailable) throw retryableFailure('Unavailable', 'EC2 does not answer');
          return queueActivities(this.fleet).inspectMoves(args);
        },
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

  /** A new queue of a new fleet in the place of the last one, which ends. */
  async fresh(policy: Partial<QueuePolicy> = {}, more: Partial<MigrationQueueInput> = {}): Promise<FakeFleet> {
    await this.end();
    this.fleet = new FakeFleet();
    this.name = `shop-${(this.count += 1)}`;
    await this.client.workflow.start(MIGRATION_QUEUE, { taskQueue: TASK_QUEUE, workflowId: queueWorkflowId(this.name), args: [{ fleet: this.name, policy, ...more }] });
    return this.fleet;
  }

  async end(): Promise<void> {
    if (this.count > 0) await this.queue.terminate().catch(() => undefined);
  }

  get queue(): WorkflowHandle {
    return this.client.workflow.getHandle(queueWorkflowId(this.name));
  }

  /** The i-th request to begin at once, with an instance of its own and a healthy neighbour. */
  async request(i: number, change: Partial<MoveRequest> = {}): Promise<MoveRequest> {
    const request = this.fleet.add(requestOf(this.count * 10_000 + i, { itemId: `item-${i}`, service: `service-${i}`, sourcePool: `zone-${i}`, notBeforeMs: 0, ...change }));
    this.fleet.add({ ...request, instanceId: idOf(this.count * 10_000 + 5_000 + i) });
    return request;
  }

  requests(count: number, change: (i: number) => Partial<MoveRequest> = () => ({})): Promise<MoveRequest[]> {
    return Promise.all(Array.from({ length: count }, (_, i) => this.request(i + 1, change(i + 1))));
  }

  enqueue(requests: readonly MoveRequest[]): Promise<readonly EnqueueAnswer[]> {
    return callQueue<readonly EnqueueAnswer[], EnqueueArgs>(this.client, TASK_QUEUE, this.name, QUEUE_MESSAGES.enqueue, { requests });
  }

  tell<T>(message: string, args: unknown): Promise<T> {
    return this.queue.executeUpdate<T, [unknown]>(message, { args: [args] });
  }

  status(): Promise<QueueStatus> {
    return this.queue.query<QueueStatus, [{ limit?: number }]>(QUEUE_MESSAGES.status, {});
  }

  /** Looks until it is so; no time is skipped meanwhile. */
  async until(what: (status: QueueStatus) => boolean): Promise<QueueStatus> {
    for (let look = 0; look < 400; look += 1) {
      const status = await this.status();
      if (what(status)) return status;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error(`not within ten seconds; the last status: ${JSON.stringify(await this.status()).slice(0, 3_000)}`);
  }
}
