import { CancelCapacityReservationCommand, CreateCapacityReservationCommand, CreateTagsCommand, DescribeCapacityReservationsCommand } from '@aws-sdk/client-ec2';
import type { EC2Client } from '@aws-sdk/client-ec2';
import type { ReservationPort } from '../../activities/reservation-port';
import { HELD_FOR_TAG, HELD_ROLE, OWNER_TAG, ROLE_TAG } from '../../contracts/workflow-ids';
import { clientToken, ownedBy, ownerTags, tagRecord } from './ownership';
import { callAws } from './translate-error';

/** On-Demand Capacity Reservations through the AWS SDK. */
export function createReservations(ec2: EC2Client): ReservationPort {
  return {
    async create(owner, rung, step, { role, tags } = { role: 'reservation', tags: {} }) {
      const answer = await callAws(`reserve ${rung.shape} in ${rung.zone}`, () =>
        ec2.send(
          new CreateCapacityReservationCommand({
            ClientToken: clientToken(owner, step),
            InstanceType: rung.shape,
            InstancePlatform: 'Linux/UNIX',
            AvailabilityZone: rung.zone,
            InstanceCount: 1,
            EndDateType: 'unlimited',
            // `open` would be eaten by any matching instance of the account.
            InstanceMatchCriteria: 'targeted',
            TagSpecifications: [{ ResourceType: 'capacity-reservation', Tags: [...ownerTags(owner, role), ...Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))] }],
          }),
        ),
      );
      const reservationId = answer.CapacityReservation?.CapacityReservationId;
      if (reservationId === undefined) throw new Error('CreateCapacityReservation answered without a reservation');
      return { reservationId, zone: rung.zone, shape: rung.shape };
    },
    async state(reservationId) {
      const answer = await callAws(`describe ${reservationId}`, () => ec2.send(new DescribeCapacityReservationsCommand({ CapacityReservationIds: [reservationId] })));
      return answer.CapacityReservations?.[0]?.State ?? 'unknown';
    },
    async findOwned(owner) {
      const answer = await callAws('list reservations', () => ec2.send(new DescribeCapacityReservationsCommand({ Filters: ownedBy(owner) })));
      return (answer.CapacityReservations ?? [])
        .filter((reservation) => reservation.State === 'active' || reservation.State === 'pending')
        .flatMap((reservation) => reservation.CapacityReservationId ?? []);
    },
    async findHolders(pool, zone, shape) {
      const Filters = [
        { Name: `tag:${HELD_FOR_TAG}`, Values: [pool] },
        { Name: `tag:${ROLE_TAG}`, Values: [HELD_ROLE] },
        { Name: 'availability-zone', Values: [zone] },
        { Name: 'instance-type', Values: [shape] },
        { Name: 'state', Values: ['active'] },
      ];
      const answer = await callAws('list held reservations', () => ec2.send(new DescribeCapacityReservationsCommand({ Filters })));
      return [...new Set((answer.CapacityReservations ?? []).flatMap(({ Tags }) => tagRecord(Tags)[OWNER_TAG] ?? []))];
    },
    async adopt(owner, reservationId) {
      await callAws(`tag ${reservationId}`, () => ec2.send(new CreateTagsCommand({ Resources: [reservationId], Tags: ownerTags(owner, 'reservation') })));
    },
    async cancel(reservationId) {
      await callAws(`cancel ${reservationId}`, () => ec2.send(new CancelCapacityReservationCommand({ CapacityReservationId: reservationId })));
    },
  };
}
