import { CancelCapacityReservationCommand, CreateCapacityReservationCommand, CreateTagsCommand, DeleteTagsCommand, DescribeCapacityReservationsCommand } from '@aws-sdk/client-ec2';
import type { CreateCapacityReservationCommandInput, EC2Client } from '@aws-sdk/client-ec2';
import type { ReservationLabels, ReservationPort } from '../../activities/reservation-port';
import type { Owner } from '../../contracts/migration-activities';
import { COMMITTED_ROLE, HELD_FOR_TAG, HELD_ROLE, OWNER_TAG, ROLE_TAG, RUN_TAG } from '../../contracts/workflow-ids';
import { clientToken, ownedBy, ownerTags, tagRecord } from './ownership';
import { callAws } from './translate-error';

type PlaceToReserve = { readonly zone: string; readonly shape: string; readonly count: number } & Pick<CreateCapacityReservationCommandInput, 'EndDateType' | 'EndDate' | 'StartDate' | 'CommitmentDuration'>;

const OVER = ['unsupported', 'failed', 'cancelled', 'expired'];

/** On-Demand Capacity Reservations through the AWS SDK. */
export function createReservations(ec2: EC2Client): ReservationPort {
  const create = async (owner: Owner, what: PlaceToReserve, step: string, { role, tags }: ReservationLabels): Promise<{ readonly reservationId: string; readonly state: string }> => {
    const { zone, shape, count, ...terms } = what;
    const answer = await callAws(`reserve ${count} x ${shape} in ${zone}`, () =>
      ec2.send(
        new CreateCapacityReservationCommand({
          ClientToken: clientToken(owner, step),
          InstanceType: shape,
          InstancePlatform: 'Linux/UNIX',
          AvailabilityZone: zone,
          InstanceCount: count,
          // `open` would be eaten by any matching instance of the account.
          InstanceMatchCriteria: 'targeted',
          TagSpecifications: [{ ResourceType: 'capacity-reservation', Tags: [...ownerTags(owner, role), ...Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))] }],
          ...terms,
        }),
      ),
    );
    const { CapacityReservationId: reservationId, State: state = 'pending' } = answer.CapacityReservation ?? {};
    if (reservationId === undefined) throw new Error('CreateCapacityReservation answered without a reservation');
    return { reservationId, state };
  };

  return {
    async create(owner, { zone, shape }, step, labels = { role: 'reservation', tags: {} }) {
      const { reservationId } = await create(owner, { zone, shape, count: 1, EndDateType: 'unlimited' }, step, labels);
      return { reservationId, zone, shape };
    },
    order: (owner, { zone, shape, count, startAtMs, endAtMs }, step, labels) =>
      create(owner, { zone, shape, count, StartDate: new Date(startAtMs), CommitmentDuration: Math.floor((endAtMs - startAtMs) / 1_000), EndDateType: 'limited', EndDate: new Date(endAtMs) }, step, labels),
    async findOrdered(owner) {
      const Filters = [...ownedBy(owner), { Name: `tag:${ROLE_TAG}`, Values: [COMMITTED_ROLE] }];
      const answer = await callAws('list ordered reservations', () => ec2.send(new DescribeCapacityReservationsCommand({ Filters })));
      return (answer.CapacityReservations ?? []).flatMap(({ CapacityReservationId: reservationId, State: state = 'unknown' }) => (reservationId === undefined || OVER.includes(state) ? [] : [{ reservationId, state }]));
    },
    async isCommitted(reservationId) {
      const answer = await callAws(`describe ${reservationId}`, () => ec2.send(new DescribeCapacityReservationsCommand({ CapacityReservationIds: [reservationId] })));
      return answer.CapacityReservations?.[0]?.CommitmentInfo !== undefined;
    },
    async disown(reservationId) {
      await callAws(`untag ${reservationId}`, () => ec2.send(new DeleteTagsCommand({ Resources: [reservationId], Tags: [OWNER_TAG, RUN_TAG, ROLE_TAG].map((Key) => ({ Key })) })));
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
        { Name: `tag:${ROLE_TAG}`, Values: [HELD_ROLE, COMMITTED_ROLE] },
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
