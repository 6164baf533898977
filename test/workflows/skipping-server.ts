import { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker, type WorkerOptions } from '@temporalio/worker';
import { provideTestServer } from '../../infra/local/tools/provision-tools';
import { createActorActivities } from '../../src/activities/actor-activities';
import { addAttributes } from '../../src/adapters/temporal/ensure-attributes';
import { readConfig } from '../../src/contracts/config';
import { SEARCH_ATTRIBUTES } from '../../src/contracts/search-attributes';
import { BUNDLE, quietRuntime } from './saga-bench';
import { withinDeadline } from './within-deadline';

/** Stories that are replayed at every step take seconds of real time. */
const DEADLINE_MS = 45_000;

export type SkippingServerOptions = Pick<WorkerOptions, 'maxCachedWorkflows'> & {
  /** Real time that a story may take. */
  readonly deadlineMs?: number;
};

/** A Temporal server that skips time, and a worker with the built workflows on it. */
export class SkippingServer {
  private constructor(
    readonly env: TestWorkflowEnvironment,
    private readonly worker: Worker,
    private readonly running: Promise<void>,
  ) {}

  static async start(taskQueue: string, activities: NonNullable<WorkerOptions['activities']>, { deadlineMs = DEADLINE_MS, ...more }: SkippingServerOptions = {}): Promise<SkippingServer> {
    quietRuntime();
    const path = await provideTestServer({ ...readConfig(), env: process.env });
    const env = withinDeadline(await TestWorkflowEnvironment.createTimeSkipping({ server: { executable: { type: 'existing-path', path } } }), deadlineMs);
    // The server holds every workflow up for ever that sets an attribute it does not know.
    await addAttributes(env.connection, env.namespace ?? 'default', SEARCH_ATTRIBUTES.map(({ name }) => name));
    const worker = await Worker.create({
      connection: env.nativeConnection,
      namespace: env.namespace ?? 'default',
      taskQueue,
      workflowBundle: { codePath: BUNDLE },
      activities: { ...createActorActivities(null, Date.now), ...activities },
      maxHeartbeatThrottleInterval: '20ms',
      ...more,
    });
    return new SkippingServer(env, worker, worker.run());
  }

  async stop(): Promise<void> {
    this.worker.shutdown();
    await this.running;
    await this.env.teardown();
  }
}
