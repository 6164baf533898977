import { proxyActivities } from '@temporalio/workflow';
import type { ActivityInterfaceFor } from '@temporalio/workflow';
import type { CapacityWorkflowActivities } from '../contracts/capacity-activities';
import { ACT, SLOW_READ, UNDO, waitEvery } from './activity-proxies';

export type CapacityProxy = ActivityInterfaceFor<CapacityWorkflowActivities>;

export const acts: CapacityProxy = proxyActivities<CapacityWorkflowActivities>(ACT);
export const slowReads: CapacityProxy = proxyActivities<CapacityWorkflowActivities>(SLOW_READ);
export const undos: CapacityProxy = proxyActivities<CapacityWorkflowActivities>(UNDO);

export function waits(pollMs: number): CapacityProxy {
  return proxyActivities<CapacityWorkflowActivities>(waitEvery(pollMs));
}

/** Looks by retry until there is something to do; an hour at most, so that the workflow comes round from time to time. */
export function watches(pollMs: number): CapacityProxy {
  return proxyActivities<CapacityWorkflowActivities>({ ...waitEvery(pollMs), scheduleToCloseTimeout: '1h' });
}

/** No local activities: messages that come while one runs are replayed in another order. */
export const steps: CapacityProxy = proxyActivities<CapacityWorkflowActivities>({
  startToCloseTimeout: '10s',
  scheduleToCloseTimeout: '24h',
  heartbeatTimeout: '5s',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '10s' },
});
