import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { ActivityInterfaceFor } from '@temporalio/workflow';
import type { MigrationActivities } from '../../contracts/migration-activities';
import { ACT, SLOW_READ, UNDO } from '../activity-proxies';

type Proxy = ActivityInterfaceFor<MigrationActivities>;

export const acts: Proxy = proxyActivities<MigrationActivities>(ACT);
export const slowReads: Proxy = proxyActivities<MigrationActivities>(SLOW_READ);
export const undos: Proxy = proxyActivities<MigrationActivities>(UNDO);

/** Short in-process steps: the policy and the audit's own writes. */
export const locals = proxyLocalActivities<Pick<MigrationActivities, 'resolvePolicy' | 'recordAudit'>>({
  startToCloseTimeout: '10s',
  scheduleToCloseTimeout: '10m',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '10s' },
});
