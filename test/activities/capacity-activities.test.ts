import { createCapacityActivities } from '../../src/activities/capacity-activities';
import type { HeldCapacityPort } from '../../src/activities/held-capacity-port';
import type { ReservationPort } from '../../src/activities/reservation-port';
import { businessFailure } from '../../src/contracts/errors';
import { OWNER, expectFailure, losingReply, portOf, untilDone } from './fake-ports';

const NOTHING_HELD: HeldCapacityPort = { claim: async () => null };

describe('reserving capacity', () => {
  const rung = { zone: 'us-east-1a', shape: 'm7i.large' };
  const created = { reservationId: 'cr-new', ...rung };

  it('takes what is held for the service in that place and makes it its own', async () => {
    const adopted: string[] = [];
    const claims: unknown[] = [];
    const reservations = portOf<ReservationPort>({ isCommitted: async (id) => id === 'cr-ordered', adopt: async (owner, id) => void adopted.push(`${id} of ${owner.workflowId}`) });
    const held: HeldCapacityPort = { claim: async (claim) => (claims.push(claim), { reservationId: 'cr-held', ...rung }) };
    const reservation = await createCapacityActivities(reservations, held).reserveCapacity({ owner: OWNER, rung, step: 'reserve-0', service: 'shop' });
    expect(reservation.reservationId).toBe('cr-held');
    expect(adopted).toEqual([`cr-held of ${OWNER.workflowId}`]);
    expect(claims).toEqual([{ claimId: `${OWNER.workflowId}/${OWNER.runId}/reserve-0`, by: OWNER.workflowId, pool: 'shop', ...rung }]);
  });

  it('leaves what was ordered for a later date to its hold: it has places for several, and cannot be cancelled with a migration', async () => {
    const reservations = portOf<ReservationPort>({ isCommitted: async () => true, state: async () => 'active' });
    const held: HeldCapacityPort = { claim: async () => ({ reservationId: 'cr-ordered', ...rung }) };
    const activities = createCapacityActivities(reservations, held);
    await expect(activities.reserveCapacity({ owner: OWNER, rung, step: 'a', service: 'shop' })).resolves.toMatchObject({ reservationId: 'cr-ordered' });
    await expect(activities.adoptReservation({ owner: OWNER, reservationId: 'cr-ordered' })).resolves.toBeUndefined();
  });

  it('asks AWS where nothing is held, or for whom is not known', async () => {
    const reservations = portOf<ReservationPort>({ create: async () => created });
    const held: HeldCapacityPort = { claim: async () => ({ reservationId: 'cr-held', ...rung }) };
    await expect(createCapacityActivities(reservations, NOTHING_HELD).reserveCapacity({ owner: OWNER, rung, step: 'a', service: 'shop' })).resolves.toEqual(created);
    await expect(createCapacityActivities(reservations, held).reserveCapacity({ owner: OWNER, rung, step: 'a' })).resolves.toEqual(created);
  });
});

describe('waiting for a reservation', () => {
  const awaiting = (state: () => Promise<string>) => createCapacityActivities(portOf<ReservationPort>({ state }), NOTHING_HELD).awaitReservation({ reservationId: 'cr-1' });

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
    await expect(createCapacityActivities(portOf<ReservationPort>({ findOwned: async () => [] }), NOTHING_HELD).releaseReservations({ owner: OWNER })).resolves.toBeUndefined();
  });

  it('cancels each one, once, whichever answer is lost', async () => {
    for (let nth = 1; nth <= 3; nth += 1) {
      const held = new Set(['cr-1', 'cr-2']);
      const cancelled: string[] = [];
      const { port } = losingReply(
        portOf<ReservationPort>({ findOwned: async () => [...held], cancel: async (id) => void (held.delete(id) && cancelled.push(id)) }),
        nth,
      );
      await untilDone(() => createCapacityActivities(port, NOTHING_HELD).releaseReservations({ owner: OWNER }));
      expect(cancelled).toEqual(['cr-1', 'cr-2']);
    }
  });
});
