import { createCapacityActivities } from '../../src/activities/capacity-activities';
import type { ReservationPort } from '../../src/activities/reservation-port';
import { businessFailure } from '../../src/contracts/errors';
import { OWNER, expectFailure, losingReply, portOf, untilDone } from './fake-ports';

describe('waiting for a reservation', () => {
  const awaiting = (state: () => Promise<string>) => createCapacityActivities(portOf<ReservationPort>({ state })).awaitReservation({ reservationId: 'cr-1' });

  it('goes on while it is pending or not to be seen yet', async () => {
    await expectFailure(awaiting(async () => 'pending'), 'NotReadyYet', /cr-1 is pending/);
    await expectFailure(awaiting(async () => Promise.reject(businessFailure('NotFound', 'unknown'))), 'NotReadyYet', /cr-1/);
  });

  it('ends with what became of it: capacity, none, or somebody cancelled it', async () => {
    await expect(awaiting(async () => 'active')).resolves.toBeUndefined();
    await expectFailure(awaiting(async () => 'failed'), 'InsufficientCapacity', /cr-1/);
    await expectFailure(awaiting(async () => 'cancelled'), 'Conflict', /cr-1 is cancelled/);
  });

  it('does not take another failure for a resource that is on its way', async () => {
    await expectFailure(awaiting(async () => Promise.reject(businessFailure('Unauthorized', 'no'))), 'Unauthorized');
  });
});

describe('releasing the reservations of a run', () => {
  it('is done at once where there never was one', async () => {
    await expect(createCapacityActivities(portOf<ReservationPort>({ findOwned: async () => [] })).releaseReservations({ owner: OWNER })).resolves.toBeUndefined();
  });

  it('cancels each one, once, whichever answer is lost', async () => {
    for (let nth = 1; nth <= 3; nth += 1) {
      const held = new Set(['cr-1', 'cr-2']);
      const cancelled: string[] = [];
      const { port } = losingReply(
        portOf<ReservationPort>({ findOwned: async () => [...held], cancel: async (id) => void (held.delete(id) && cancelled.push(id)) }),
        nth,
      );
      await untilDone(() => createCapacityActivities(port).releaseReservations({ owner: OWNER }));
      expect(cancelled).toEqual(['cr-1', 'cr-2']);
    }
  });
});
