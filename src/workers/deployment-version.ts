import type { WorkerOptions } from '@temporalio/worker';
import type { ForeshiftConfig } from '../contracts/config';

/**
 * Tells the server which version of the product a worker is (Temporal's worker deployments, docs.temporal.io/worker-deployments): workflows are pinned to the version that they
 * began with, unless they say otherwise (src/workflows/auto-upgrade.ts). Nothing where no build id is set: then every worker takes every workflow.
 */
export function deploymentVersionOf({ buildId, taskQueue }: Pick<ForeshiftConfig, 'buildId' | 'taskQueue'>): Pick<WorkerOptions, 'workerDeploymentOptions'> {
  if (buildId === null) return {};
  return { workerDeploymentOptions: { useWorkerVersioning: true, version: { deploymentName: taskQueue, buildId }, defaultVersioningBehavior: 'PINNED' } };
}
