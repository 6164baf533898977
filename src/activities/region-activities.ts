import type { CapacityActivities } from '../contracts/capacity-activities';
import { businessFailure } from '../contracts/errors';

/** Which queue a region's requests go to, and whether who takes from it acts on that region. */
export function createRegionActivities(served: { readonly region: string; readonly queues: Readonly<Record<string, string>> }): Pick<CapacityActivities, 'findRegionQueue' | 'greetRegion'> {
  return {
    async findRegionQueue({ region }) {
      const taskQueue = served.queues[region];
      if (taskQueue === undefined) throw businessFailure('InvalidInput', `region is ${region}; expected one that the workers serve: ${Object.keys(served.queues).join(', ')}`);
      return taskQueue;
    },
    async greetRegion({ region }) {
      if (region !== served.region) throw businessFailure('InvalidInput', `region is ${region}, and a worker that polls its queue serves ${served.region}: set AWS_REGION of that worker`);
    },
  };
}
