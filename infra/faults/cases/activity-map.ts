import { DEFAULT_POLICY } from '../../../src/domain/migration-policy';
import { regionActivitiesOf } from '../../../src/workers/region-activities-of';
import type { SharedParts } from '../../../src/workers/shared-parts';

/** Hardly asked for anything: of the activities only the names are wanted. */
const NOTHING = { policy: DEFAULT_POLICY } as SharedParts;
const REGION = { region: 'us-east-1', awsEndpoint: null };

/** Names of all activities that the product's worker has, from its own composition: one that is new is among them. */
export function knownActivities(): readonly string[] {
  return Object.keys(regionActivitiesOf(NOTHING, { ...REGION, regions: [REGION], taskQueue: 'foreshift', queues: {} })).toSorted();
}
