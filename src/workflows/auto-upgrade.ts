import { setWorkflowOptions, workflowInfo } from '@temporalio/workflow';
import { adjustShape } from './adjust-shape';
import { isolateHost } from './isolate-host';
import { migrationQueue } from './migration-queue';
import { preAllocateCapacity } from './pre-allocate-capacity';
import { provisionReplicas } from './provision-replicas';
import { routeRequests } from './route-requests';
import { scaleWorkload } from './scale-workload';

/**
 * What never ends, or not for weeks, goes on with the newest version of the workers: pinned to the one that it began with, it would keep that one's workers for ever.
 * So a change of these needs `patched`. Everything else (moves, ticks, recoveries) ends on the version that it began with.
 */
for (const workflow of [adjustShape, isolateHost, migrationQueue, preAllocateCapacity, provisionReplicas, routeRequests, scaleWorkload]) {
  // The server takes no answer that names a behaviour from a worker without a version; such a worker is told a build id, and no deployment's name.
  setWorkflowOptions(() => ((workflowInfo().currentDeploymentVersion?.deploymentName ?? '') === '' ? {} : { versioningBehavior: 'AUTO_UPGRADE' as const }), workflow as (...args: never[]) => Promise<unknown>);
}
