import { TimeoutFailure } from '@temporalio/common';
import { ActivityFailure, proxyActivities } from '@temporalio/workflow';
import type { CapacityWorkflowActivities } from '../contracts/capacity-activities';
import { ACT, say } from './activity-proxies';
import { regionProxies, steps } from './capacity-proxies';
import type { RegionProxies } from './capacity-proxies';
import { Refusal } from './refusal';

/** A worker that lives takes a task at once, and one that is being replaced is back in seconds. */
const TAKEN_WITHIN = '10s';

/**
 * The way to a region's workers; without a region, to those of the workflow's own. Nothing was begun yet: who serves a region is found out before.
 *
 * @throws as `findRegionQueue`
 */
export async function findRegion(region: string | undefined): Promise<RegionProxies> {
  return regionProxies(region === undefined ? null : await findRegionQueue(region));
}

/**
 * The queue of a region's workers, one of whom answered.
 *
 * @throws a failed activity (`InvalidInput`) for a region that nobody serves, naming those there are; a `Refusal` where no worker takes its tasks
 */
export async function findRegionQueue(region: string): Promise<string> {
  const taskQueue = await say(steps.findRegionQueue, `Who serves ${region}?`, { region });
  const greeting = proxyActivities<CapacityWorkflowActivities>({ ...ACT, taskQueue, scheduleToStartTimeout: TAKEN_WITHIN });
  try {
    await say(greeting.greetRegion, `Is a worker of ${region} there?`, { region });
  } catch (error) {
    if (!(error instanceof ActivityFailure) || !(error.cause instanceof TimeoutFailure)) throw error;
    throw new Refusal('Unavailable', [`region is ${region}, and within ${TAKEN_WITHIN} no worker took a task from its queue, ${taskQueue}: start one, then ask again`]);
  }
  return taskQueue;
}
