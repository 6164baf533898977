import type { AuditPort } from '../activities/audit-activities';
import type { ForeshiftConfig } from '../contracts/config';
import { regionTaskQueue } from '../contracts/task-queues';
import { regionActivitiesOf } from './region-activities-of';
import type { RegionActivities } from './region-activities-of';
import { openSharedParts } from './shared-parts';

export interface Dependencies {
  /** One entry for each region that is served, one's own first. */
  readonly regions: readonly { readonly taskQueue: string; readonly activities: RegionActivities }[];
  readonly audit: AuditPort;
  close(): Promise<void>;
}

/** Builds everything that the activities of all served regions need. */
export async function createDependencies(config: ForeshiftConfig): Promise<Dependencies> {
  const { awsRegion, awsEndpoint, otherRegions, taskQueue } = config;
  const served = [{ region: awsRegion, awsEndpoint, taskQueue }, ...otherRegions.map((one) => ({ ...one, taskQueue: regionTaskQueue(taskQueue, one.region) }))];
  const queues = Object.fromEntries(served.map((one) => [one.region, one.taskQueue]));
  const shared = await openSharedParts(config);
  return {
    audit: shared.audit,
    regions: served.map((one) => ({ taskQueue: one.taskQueue, activities: regionActivitiesOf(shared, { ...one, regions: served, queues }) })),
    close: () => shared.close(),
  };
}
