import { CancelCapacityReservationCommand, DescribeCapacityReservationsCommand, ModifyCapacityReservationCommand } from '@aws-sdk/client-ec2';
import { createReservations } from '../../../../src/adapters/aws/reservations';
import type { FutureOrder } from '../../../../src/domain/capacity/future-dated';
import { eventually, startFixture, type Fixture } from './gateway-fixture';

const DAY_MS = 86_400_000;
const OWNER = { workflowId: 'capacity/shop/window', runId: 'run-1' };
const LABELS = { role: 'committed', tags: { 'foreshift:held-for': 'shop' } };
let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture({ addressPrefix: '127.89' });
});
afterAll(() => fixture.stop());
afterEach(() => expect(fixture.defects).toEqual([]));

const orderOf = (change: Partial<FutureOrder> = {}): FutureOrder => {
  const startAtMs = Date.now() + 10 * DAY_MS;
  return { zone: 'us-east-1a', shape: 'm5.xlarge', count: 8, startAtMs, endAtMs: startAtMs + 14 * DAY_MS, usdPerHour: 1.6, commitmentUsd: 537.6, ...change };
};
const describe1 = async (id: string) => (await fixture.ec2.send(new DescribeCapacityReservationsCommand({ CapacityReservationIds: [id] }))).CapacityReservations?.[0];

describe('a reservation of a later date', () => {
  it('is assessed, scheduled and delivered, and cannot be cancelled or made smaller within its commitment', async () => {
    const port = createReservations(fixture.ec2);
    const order = orderOf();
    await fixture.control('PUT', '/_local/delays', { reservationPendingMs: 200 });
    const { reservationId, state } = await port.order(OWNER, order, 'order-1', LABELS);
    expect(state).toBe('assessing');
    expect(await port.order(OWNER, order, 'order-1', LABELS)).toMatchObject({ reservationId });
    expect(await port.findOrdered(OWNER)).toEqual([{ reservationId, state: 'assessing' }]);
    await eventually(async () => (await port.state(reservationId)) === 'scheduled');
    expect(await describe1(reservationId)).toMatchObject({ StartDate: new Date(order.startAtMs), EndDate: new Date(order.endAtMs), CommitmentInfo: { CommittedInstanceCount: 8, CommitmentDuration: 14 * 86_400 } });
    await expect(port.cancel(reservationId)).rejects.toThrow(/within its commitment duration/);
    await fixture.control('POST', `/_local/reservations/${reservationId}/deliver`);
    expect(await port.state(reservationId)).toBe('active');
    expect(await port.isCommitted(reservationId)).toBe(true);
    await expect(fixture.ec2.send(new ModifyCapacityReservationCommand({ CapacityReservationId: reservationId, InstanceCount: 4 }))).rejects.toThrow(/within its commitment duration/);
    await expect(fixture.ec2.send(new CancelCapacityReservationCommand({ CapacityReservationId: reservationId }))).rejects.toThrow(/within its commitment duration/);
    await port.disown(reservationId);
    expect(await port.findOrdered(OWNER)).toEqual([]);
    expect((await describe1(reservationId))?.Tags).toEqual([{ Key: 'foreshift:held-for', Value: 'shop' }]);
  });

  it('is cancelled while it is assessed, unsupported where there is no room, and delayed where there is none at its date', async () => {
    const port = createReservations(fixture.ec2);
    const assessed = await port.order(OWNER, orderOf(), 'order-2', LABELS);
    await port.cancel(assessed.reservationId);
    expect(await port.state(assessed.reservationId)).toBe('cancelled');
    await fixture.control('PUT', '/_local/pools', { zone: 'us-east-1b', shape: 'm5.xlarge', capacity: 8 });
    const one = await port.order(OWNER, orderOf({ zone: 'us-east-1b' }), 'order-3', LABELS);
    await eventually(async () => (await port.state(one.reservationId)) === 'scheduled');
    const two = await port.order(OWNER, orderOf({ zone: 'us-east-1b', count: 9 }), 'order-4', LABELS);
    await eventually(async () => (await port.state(two.reservationId)) === 'unsupported');
    await fixture.control('PUT', '/_local/pools', { zone: 'us-east-1b', shape: 'm5.xlarge', capacity: 0 });
    await fixture.control('POST', `/_local/reservations/${one.reservationId}/deliver`);
    expect(await port.state(one.reservationId)).toBe('delayed');
    await fixture.control('PUT', '/_local/pools', { zone: 'us-east-1b', shape: 'm5.xlarge', capacity: null });
    await eventually(async () => (await port.state(one.reservationId)) === 'active');
    // A delay waives the commitment.
    await port.cancel(one.reservationId);
  });

  it.each([
    [{ startAtMs: Date.now() + 4 * DAY_MS }, /between 5 and 120 days in advance/],
    [{ count: 7 }, /at least 32 vCPUs; 7 x m5.xlarge have 28/],
  ])('is refused as EC2 refuses it: %j', async (change, sentence) => {
    await expect(createReservations(fixture.ec2).order(OWNER, orderOf(change), `order-${JSON.stringify(change)}`, LABELS)).rejects.toMatchObject({ type: 'InvalidInput', message: expect.stringMatching(sentence) });
  });
});
