import { proxyActivities } from '@temporalio/workflow';
import type { ActivityInterfaceFor } from '@temporalio/workflow';
import type { MigrateInstanceInput } from '../../contracts/migrate-instance';
import type { CopyOrigin, MigrationActivities } from '../../contracts/migration-activities';
import { ACT, LONG_ACT, LONG_READ, UNDO, waitEvery } from '../activity-proxies';

type Proxy = ActivityInterfaceFor<MigrationActivities>;

/** A region, as the workers that act on its AWS. */
export interface Place {
  /** Null: the source's region, by the workflow's own queue. */
  readonly other: { readonly region: string; readonly fromRegion: string } | null;
  readonly acts: Proxy;
  readonly longActs: Proxy;
  readonly longReads: Proxy;
  readonly undos: Proxy;
  readonly waiting: Proxy;
  /** For what comes from another region: EC2 names no time for it, and terabytes take hours. */
  readonly longWaiting: Proxy;
}

/** Where what is copied to that place comes from, and how it is encrypted there. */
export function originOf({ fromRegion }: NonNullable<Place['other']>, { kmsKeyId }: MigrateInstanceInput): CopyOrigin {
  return { fromRegion, ...(kmsKeyId === undefined ? {} : { kmsKeyId }) };
}

/** For what is told: the region, where it is another one. */
export function regionOf({ other }: Place): { readonly region?: string } {
  return other === null ? {} : { region: other.region };
}

/** The region whose workers take from that queue; without one, the source's. */
export function placeOf(pollMs: number, other: Place['other'] = null, taskQueue?: string): Place {
  const at = taskQueue === undefined ? {} : { taskQueue };
  return {
    other,
    acts: proxyActivities<MigrationActivities>({ ...ACT, ...at }),
    longActs: proxyActivities<MigrationActivities>({ ...LONG_ACT, ...at }),
    longReads: proxyActivities<MigrationActivities>({ ...LONG_READ, ...at }),
    undos: proxyActivities<MigrationActivities>({ ...UNDO, ...at }),
    waiting: proxyActivities<MigrationActivities>({ ...waitEvery(pollMs), ...at }),
    longWaiting: proxyActivities<MigrationActivities>({ ...waitEvery(pollMs), scheduleToCloseTimeout: '24h', ...at }),
  };
}
