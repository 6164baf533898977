import { proxyActivities } from '@temporalio/workflow';
import type { ActivityInterfaceFor } from '@temporalio/workflow';
import type { CapacityWorkflowActivities } from '../contracts/capacity-activities';
import { ACT, SLOW_READ, UNDO, waitEvery } from './activity-proxies';

export type CapacityProxy = ActivityInterfaceFor<CapacityWorkflowActivities>;

/** What a request does to one region's AWS, by the workers of that region. */
export interface RegionProxies {
  /** The queue that they poll; null: the workflow's own. */
  readonly taskQueue: string | null;
  readonly acts: CapacityProxy;
  readonly slowReads: CapacityProxy;
  readonly undos: CapacityProxy;
  readonly waits: (pollMs: number) => CapacityProxy;
  /** Looks by retry until there is something to do; an hour at most, so that the workflow comes round from time to time. */
  readonly watches: (pollMs: number) => CapacityProxy;
}

export function regionProxies(taskQueue: string | null): RegionProxies {
  const at = taskQueue === null ? {} : { taskQueue };
  return {
    taskQueue,
    acts: proxyActivities<CapacityWorkflowActivities>({ ...ACT, ...at }),
    slowReads: proxyActivities<CapacityWorkflowActivities>({ ...SLOW_READ, ...at }),
    undos: proxyActivities<CapacityWorkflowActivities>({ ...UNDO, ...at }),
    waits: (pollMs) => proxyActivities<CapacityWorkflowActivities>({ ...waitEvery(pollMs), ...at }),
    watches: (pollMs) => proxyActivities<CapacityWorkflowActivities>({ ...waitEvery(pollMs), scheduleToCloseTimeout: '1h', ...at }),
  };
}

/** No local activities: messages that come while one runs are replayed in another order. */
export const steps: CapacityProxy = proxyActivities<CapacityWorkflowActivities>({
  startToCloseTimeout: '10s',
  scheduleToCloseTimeout: '24h',
  heartbeatTimeout: '5s',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '10s' },
});
