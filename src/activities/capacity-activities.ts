import { businessFailure, retryableFailure } from '../contracts/errors';
import type { MigrationActivities, Owner } from '../contracts/migration-activities';
import type { HeldCapacityPort } from './held-capacity-port';
import type { ReservationPort } from './reservation-port';
import { seenYet } from './seen-yet';

type CapacityActivities = Pick<MigrationActivities, 'reserveCapacity' | 'adoptReservation' | 'awaitReservation' | 'releaseReservations'>;

export function createCapacityActivities(reservations: ReservationPort, held: HeldCapacityPort): CapacityActivities {
  /** What was ordered for a later date has places for several and cannot be cancelled: it stays whose it is. */
  const adopt = async (owner: Owner, reservationId: string): Promise<void> => {
    if (!(await reservations.isCommitted(reservationId))) await reservations.adopt(owner, reservationId);
  };
  return {
    async reserveCapacity({ owner, rung, step, service }) {
      const claimed = service === undefined ? null : await held.claim({ claimId: `${owner.workflowId}/${owner.runId}/${step}`, by: owner.workflowId, pool: service, zone: rung.zone, shape: rung.shape });
      if (claimed === null) return reservations.create(owner, rung, step);
      await adopt(owner, claimed.reservationId);
      return claimed;
    },
    async adoptReservation({ owner, reservationId }) {
      const state = await reservations.state(reservationId);
      if (state !== 'active') throw businessFailure('Conflict', `reservation ${reservationId} is ${state}`);
      await adopt(owner, reservationId);
    },
    async awaitReservation({ reservationId }) {
      const state = await seenYet(reservationId, reservations.state(reservationId));
      if (state === 'active') return;
      if (state === 'failed') throw businessFailure('InsufficientCapacity', `reservation ${reservationId} failed`);
      if (state !== 'pending') throw businessFailure('Conflict', `reservation ${reservationId} is ${state}`);
      throw retryableFailure('NotReadyYet', `reservation ${reservationId} is pending`);
    },
    async releaseReservations({ owner }) {
      for (const reservationId of await reservations.findOwned(owner)) await reservations.cancel(reservationId);
    },
  };
}
