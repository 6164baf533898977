import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { putBacklog } from '../adapters/aws/backlog-metric';
import { createAwsClients } from '../adapters/aws/clients';
import { requireAttributes } from '../adapters/temporal/ensure-attributes';
import { clientInterceptorsOf, dataConverterOf, temporalConnectionOf } from '../adapters/temporal/open-temporal';
import { backlogOf } from '../adapters/temporal/task-queue-backlog';
import { readConfig, type ForeshiftConfig } from '../contracts/config';
import { ActivityInterceptor } from './activity-interceptor';
import { createDependencies } from './dependencies';
import { deploymentVersionOf } from './deployment-version';
import { keepTellingBacklog } from './keep-telling-backlog';
import { METRIC_BUCKETS } from './metric-buckets';
import { WORKFLOW_INTERCEPTORS } from './workflow-interceptors';

/** Built by `npm run build`; without it the worker bundles at its start, which takes some seconds more. */
export const WORKFLOW_BUNDLE = join(__dirname, '..', '..', 'workflow-bundle.js');

/** What a composition of a test's own adds; the product's worker adds nothing, and takes no such thing from its environment. */
export interface WorkerAdditions {
  /** Stand between the product's own interceptor and the activity. */
  readonly activityInterceptors?: readonly ActivityInterceptorsFactory[];
  /** File with other workflow code than the build's. */
  readonly workflowBundle?: string;
}

/** Runs a worker until SIGTERM or SIGINT. Calls `onReady` when it polls. */
export async function runWorker(onReady: () => void, { activityInterceptors = [], workflowBundle = WORKFLOW_BUNDLE }: WorkerAdditions = {}): Promise<void> {
  const config = readConfig();
  Runtime.install({
    logger: new DefaultLogger('WARN'),
    shutdownSignals: ['SIGTERM', 'SIGINT'],
    ...(config.metricsAddress === null ? {} : { telemetryOptions: { metrics: { prometheus: { bindAddress: config.metricsAddress, countersTotalSuffix: true, unitSuffix: true, useSecondsForDurations: true, histogramBucketOverrides: METRIC_BUCKETS } } } }),
  });
  const dataConverter = dataConverterOf(config);
  const dependencies = await createDependencies(config);
  const connection = await NativeConnection.connect(temporalConnectionOf(config));
  let endTelling = (): void => undefined;
  try {
    await requireAttributes(connection, config.temporalNamespace);
    const workers = await Promise.all(dependencies.regions.map(({ taskQueue, activities }) => Worker.create({
      connection,
      namespace: config.temporalNamespace,
      taskQueue,
      dataConverter,
      activities,
      ...deploymentVersionOf(config),
      interceptors: { client: clientInterceptorsOf(config), workflowModules: existsSync(workflowBundle) ? [] : WORKFLOW_INTERCEPTORS, activity: [(context) => ({ inbound: new ActivityInterceptor(context, dependencies.audit) }), ...activityInterceptors] },
      ...(existsSync(workflowBundle) ? { workflowBundle: { codePath: workflowBundle } } : { workflowsPath: require.resolve('../workflows') }),
      // A killed worker would otherwise cost every open workflow ten seconds.
      stickyQueueScheduleToStartTimeout: '2s',
      maxConcurrentActivityTaskExecutions: 50,
      maxCachedWorkflows: 1_000,
      workflowTaskPollerBehavior: { type: 'autoscaling' },
      activityTaskPollerBehavior: { type: 'autoscaling' },
      maxHeartbeatThrottleInterval: '1s',
      shutdownGraceTime: '5s',
    })));
    onReady();
    endTelling = tellBacklogs(config, connection, dependencies.regions.map(({ taskQueue }) => taskQueue));
    await runAll(workers);
  } finally {
    endTelling();
    await connection.close();
    await dependencies.close();
  }
}

/** Where that is asked for. */
function tellBacklogs({ backlogMetrics, awsRegion, awsEndpoint, temporalNamespace }: ForeshiftConfig, connection: NativeConnection, taskQueues: readonly string[]): () => void {
  if (backlogMetrics === null) return () => undefined;
  const { cloudwatch } = createAwsClients({ region: awsRegion, ...(awsEndpoint === null ? {} : { endpoint: awsEndpoint }) });
  return keepTellingBacklog({
    taskQueues,
    backlogOf: (taskQueue) => backlogOf(connection, temporalNamespace, taskQueue),
    put: (taskQueue, tasks) => putBacklog(cloudwatch, backlogMetrics, taskQueue, tasks),
    log: (text) => process.stderr.write(`${text}\n`),
  });
}

/** Until a signal ends them; where one fails, none goes on without it. */
async function runAll(workers: readonly Worker[]): Promise<void> {
  const running = workers.map((worker) => worker.run());
  try {
    await Promise.all(running);
  } catch (error) {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
    await Promise.allSettled(running);
    throw error;
  }
}

if (require.main === module) {
  runWorker(() => process.stdout.write('{"ready":true}\n')).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}
