import { proxyActivities } from '@temporalio/workflow';
import type { MigrationActivities } from '../../contracts/migration-activities';
import type { QueueActivities } from '../../contracts/migration-queue';

/** A look that does not come in time is taken again at the next turn: nothing else may wait for it. */
export const looks = proxyActivities<Pick<QueueActivities, 'inspectMoves' | 'describeMoves'>>({
  startToCloseTimeout: '30s',
  scheduleToCloseTimeout: '60s',
  heartbeatTimeout: '5s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '10s' },
});

/** Capacity ahead of time is a chance, not a need: the migration reserves for itself where this fails. */
export const reserving = proxyActivities<Pick<MigrationActivities, 'reserveCapacity'>>({
  startToCloseTimeout: '30s',
  scheduleToCloseTimeout: '60s',
  heartbeatTimeout: '5s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '10s' },
});

/** What is not given back goes on costing money: it is tried for long, beside the queue's other work. */
export const releasing = proxyActivities<Pick<MigrationActivities, 'releaseReservations'>>({
  startToCloseTimeout: '30s',
  scheduleToCloseTimeout: '24h',
  heartbeatTimeout: '5s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '5m' },
});

/**
 * Short steps, and yet no local activities: while one of those runs, messages arrive in the same workflow task, and a replay puts
 * them in another order ("Missing associated machine", seen with 500 requests at once).
 */
export const steps = proxyActivities<Pick<MigrationActivities, 'resolvePolicy' | 'recordAudits'> & Pick<QueueActivities, 'resolveWindows'>>({
  startToCloseTimeout: '10s',
  scheduleToCloseTimeout: '24h',
  heartbeatTimeout: '5s',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '10s' },
});
