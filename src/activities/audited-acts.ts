import type { AdjustActivities } from '../contracts/adjust-shape';
import type { AuditKind } from '../contracts/audit';
import type { CapacityActivities } from '../contracts/capacity-activities';
import type { MigrationActivities } from '../contracts/migration-activities';
import type { ReapActivities } from '../contracts/reap-orphans';
import type { RoutingActivities } from '../contracts/route-requests';

/**
 * What each effect is to the audit. An act is recorded as an intent before it and as an act after it, so that the record
 * of a worker that died in between shows what may have happened.
 */
export const AUDITED_ACTS: Partial<Readonly<Record<keyof MigrationActivities, AuditKind>>> = {
  reserveCapacity: 'act',
  adoptReservation: 'act',
  createImage: 'act',
  copyImage: 'act',
  launchShadow: 'act',
  snapshotSource: 'act',
  copySnapshots: 'act',
  writeBlocks: 'act',
  stopShadow: 'act',
  replaceVolumes: 'act',
  startShadow: 'act',
  createRampGroups: 'act',
  registerTarget: 'act',
  deregisterTarget: 'act',
  setWeights: 'act',
  beginSync: 'act',
  handOverState: 'act',
  beginSyncBack: 'act',
  endSync: 'act',
  adoptReplacement: 'act',
  terminateSource: 'act',
  releaseReservations: 'undo',
  deleteImages: 'undo',
  terminateShadows: 'undo',
  deleteRampGroups: 'undo',
  disownReplacement: 'undo',
  takeStateBack: 'undo',
  awaitReservation: 'readback',
  awaitImage: 'readback',
  awaitInstanceRunning: 'readback',
  awaitInstanceHealthy: 'readback',
  measureDelta: 'readback',
  digestContent: 'readback',
  verifyContent: 'readback',
  probeApplication: 'readback',
  awaitTargetHealthy: 'readback',
  awaitTargetDrained: 'readback',
  verifySourceServes: 'readback',
  verifySourceIdle: 'readback',
  awaitInstanceTerminated: 'readback',
  listLeftovers: 'readback',
};

/** The same for replicas and for capacity that is held. */
export const AUDITED_CAPACITY_ACTS: Partial<Readonly<Record<keyof CapacityActivities, AuditKind>>> = {
  holdCapacity: 'act',
  cancelReservation: 'undo',
  releaseHeld: 'undo',
  orderCapacity: 'act',
  settleOrders: 'undo',
  launchHeld: 'act',
  raiseGroup: 'act',
  scheduleGroup: 'act',
  awaitGroup: 'readback',
  lowerGroup: 'undo',
  withdrawSchedule: 'undo',
  launchReplica: 'act',
  adoptReplicas: 'act',
  deregisterReplicas: 'undo',
  disownReplicas: 'undo',
  terminateReplicas: 'undo',
};

/** The same for a change of shape in place. */
export const AUDITED_SHAPE_ACTS: Partial<Readonly<Record<keyof AdjustActivities, AuditKind>>> = { changeShape: 'act' };

/** The same for the routing of requests. */
export const AUDITED_ROUTING_ACTS: Partial<Readonly<Record<keyof RoutingActivities, AuditKind>>> = { steerRequests: 'act', followMember: 'act', releaseRequests: 'undo', clearRouting: 'undo' };

/** The same for what workflows left behind. */
export const AUDITED_REAP_ACTS: Partial<Readonly<Record<keyof ReapActivities, AuditKind>>> = { reapResource: 'undo' };
