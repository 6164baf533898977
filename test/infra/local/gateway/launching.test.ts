import {
  CancelCapacityReservationCommand,
  CreateCapacityReservationCommand,
  DescribeCapacityReservationsCommand,
  DescribeInstancesCommand,
  GetCapacityReservationUsageCommand,
  RunInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  type RunInstancesCommandInput,
} from '@aws-sdk/client-ec2';
import { eventually, startFixture, type Fixture } from './gateway-fixture';

let fixture: Fixture;
let imageId: string;

beforeAll(async () => {
  fixture = await startFixture({ addressPrefix: '127.81' });
  imageId = await fixture.seedImage('base');
});
afterAll(() => fixture.stop());
afterEach(() => {
  fixture.gateway.faults.clear();
  expect(fixture.defects).toEqual([]);
});

const launch = (more: Partial<RunInstancesCommandInput> = {}): Promise<string[]> =>
  fixture.ec2
    .send(new RunInstancesCommand({ ImageId: imageId, InstanceType: 'm5.large', MinCount: 1, MaxCount: 1, ...more }))
    .then(({ Instances = [] }) => Instances.map(({ InstanceId = '' }) => InstanceId));

const countByToken = async (token: string): Promise<number> => {
  const { Reservations = [] } = await fixture.ec2.send(
    new DescribeInstancesCommand({ Filters: [{ Name: 'client-token', Values: [token] }] }),
  );
  return Reservations.flatMap(({ Instances = [] }) => Instances).length;
};

const settled = (id: string, wanted: string): Promise<boolean> =>
  eventually(async () => {
    const { Reservations } = await fixture.ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
    return Reservations?.[0]?.Instances?.[0]?.State?.Name === wanted;
  });

describe('ClientToken', () => {
  it('makes one instance of two concurrent launches with the same token', async () => {
    const [first, second] = await Promise.all([launch({ ClientToken: 'twins' }), launch({ ClientToken: 'twins' })]);
    expect(second).toEqual(first);
    expect(await countByToken('twins')).toBe(1);
  });

  it('refuses a changed request with the same token', async () => {
    await launch({ ClientToken: 'changed' });
    await expect(launch({ ClientToken: 'changed', InstanceType: 'm5.xlarge' })).rejects.toMatchObject({ name: 'IdempotentParameterMismatch' });
  });

  it('makes one instance when the reply is lost and the caller tries again', async () => {
    await fixture.control('POST', '/_local/faults', { kind: 'dropAfter', operation: 'ec2:RunInstances', match: 'lost-reply' });
    await expect(launch({ ClientToken: 'lost-reply' })).rejects.toThrow('socket hang up');
    expect(await launch({ ClientToken: 'lost-reply' })).toHaveLength(1);
    expect(await countByToken('lost-reply')).toBe(1);
  });

  it('makes nothing when the call is lost before it is executed', async () => {
    await fixture.control('POST', '/_local/faults', { kind: 'dropBefore', operation: 'ec2:RunInstances' });
    await expect(launch({ ClientToken: 'never' })).rejects.toThrow('socket hang up');
    expect(await countByToken('never')).toBe(0);
  });

  it('is free again after a refused launch', async () => {
    await fixture.control('PUT', '/_local/pools', { zone: 'us-east-1b', shape: 'm5.xlarge', capacity: 0 });
    const wish = { ClientToken: 'again', InstanceType: 'm5.xlarge', Placement: { AvailabilityZone: 'us-east-1b' } } as const;
    await expect(launch(wish)).rejects.toMatchObject({ name: 'InsufficientInstanceCapacity', $metadata: { httpStatusCode: 500 } });
    await fixture.control('PUT', '/_local/pools', { zone: 'us-east-1b', shape: 'm5.xlarge', capacity: null });
    expect(await launch(wish)).toHaveLength(1);
  });

  it('is not good for another launch once its instance is terminated', async () => {
    const [id = ''] = await launch({ ClientToken: 'dead' });
    await fixture.ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    await settled(id, 'terminated');
    await expect(launch({ ClientToken: 'dead' })).rejects.toMatchObject({ name: 'IdempotentInstanceTerminated' });
  });
});

describe('validation', () => {
  it.each([
    [{ ImageId: 'ami-0123456789abcdef0' }, 'InvalidAMIID.NotFound'],
    [{ ImageId: 'ami-bogus' }, 'InvalidAMIID.Malformed'],
    [{ InstanceType: 'x9.huge' as 'm5.large' }, 'InvalidParameterValue'],
    [{ InstanceType: 'm7g.large' as const }, 'InvalidParameterValue'],
    [{ SubnetId: 'subnet-z' }, 'InvalidSubnetID.NotFound'],
    [{ Placement: { AvailabilityZone: 'us-east-1z' } }, 'InvalidParameterValue'],
    [{ DryRun: true }, 'DryRunOperation'],
  ])('answers %j with %s', async (more, code) => {
    await expect(launch(more)).rejects.toMatchObject({ name: code });
  });
});

describe('capacity pools', () => {
  const zone = 'us-east-1a';
  const place = { InstanceType: 'm5.xlarge', Placement: { AvailabilityZone: zone } } as const;
  const setPool = (capacity: number | null) => fixture.control('PUT', '/_local/pools', { zone, shape: 'm5.xlarge', capacity });
  const reserve = (count: number, InstanceMatchCriteria: 'open' | 'targeted') =>
    fixture.ec2
      .send(
        new CreateCapacityReservationCommand({
          InstanceType: 'm5.xlarge',
          InstancePlatform: 'Linux/UNIX',
          AvailabilityZone: zone,
          InstanceCount: count,
          InstanceMatchCriteria,
        }),
      )
      .then(({ CapacityReservation }) => CapacityReservation?.CapacityReservationId ?? '');
  const active = (id: string) =>
    eventually(async () => {
      const { CapacityReservations } = await fixture.ec2.send(new DescribeCapacityReservationsCommand({ CapacityReservationIds: [id] }));
      return CapacityReservations?.[0]?.State === 'active';
    });
  const launched: string[] = [];
  const take = async (more: Partial<RunInstancesCommandInput> = {}): Promise<string[]> => {
    const ids = await launch({ ...place, ...more });
    launched.push(...ids);
    return ids;
  };

  afterEach(async () => {
    if (launched.length > 0) await fixture.ec2.send(new TerminateInstancesCommand({ InstanceIds: launched.splice(0) }));
    const { CapacityReservations = [] } = await fixture.ec2.send(new DescribeCapacityReservationsCommand({}));
    for (const { CapacityReservationId, State } of CapacityReservations) {
      if (State === 'active') await fixture.ec2.send(new CancelCapacityReservationCommand({ CapacityReservationId }));
    }
    await setPool(null);
  });

  it('launch as many as there are, down to MinCount', async () => {
    await setPool(2);
    expect(await take({ MinCount: 1, MaxCount: 5 })).toHaveLength(2);
    await expect(take()).rejects.toMatchObject({ name: 'InsufficientInstanceCapacity' });
  });

  it('never give one unit to two launches at once', async () => {
    await setPool(2);
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => take()));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
  });

  it('give capacity back when an instance stops', async () => {
    await setPool(1);
    const [id = ''] = await take();
    await settled(id, 'running');
    await fixture.ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
    expect(await take()).toHaveLength(1);
  });

  it('keep reserved capacity for those who name the reservation', async () => {
    await setPool(2);
    const id = await reserve(1, 'targeted');
    await active(id);
    const targeted = { CapacityReservationSpecification: { CapacityReservationTarget: { CapacityReservationId: id } } };
    await take();
    await expect(take()).rejects.toMatchObject({ name: 'InsufficientInstanceCapacity' });
    expect(await take(targeted)).toHaveLength(1);
    await expect(take(targeted)).rejects.toMatchObject({ name: 'ReservationCapacityExceeded' });
    const usage = await fixture.ec2.send(new GetCapacityReservationUsageCommand({ CapacityReservationId: id }));
    expect(usage).toMatchObject({ TotalInstanceCount: 1, AvailableInstanceCount: 0 });
  });

  it('let matching launches into an open reservation, unless they want none', async () => {
    await setPool(1);
    const id = await reserve(1, 'open');
    await active(id);
    await expect(take({ CapacityReservationSpecification: { CapacityReservationPreference: 'none' } })).rejects.toMatchObject({
      name: 'InsufficientInstanceCapacity',
    });
    await take();
    const { Reservations } = await fixture.ec2.send(
      new DescribeInstancesCommand({ Filters: [{ Name: 'capacity-reservation-id', Values: [id] }] }),
    );
    expect(Reservations).toHaveLength(1);
  });

  it('refuse a reservation that is larger than what is left', async () => {
    await setPool(1);
    await expect(reserve(2, 'open')).rejects.toMatchObject({ name: 'InsufficientInstanceCapacity', $metadata: { httpStatusCode: 500 } });
  });

  it('refuse a launch into a reservation of another zone or type', async () => {
    const id = await reserve(1, 'targeted');
    await active(id);
    const target = { CapacityReservationTarget: { CapacityReservationId: id } };
    await expect(take({ InstanceType: 'm5.large', CapacityReservationSpecification: target })).rejects.toMatchObject({
      name: 'InvalidParameterValue',
    });
    await fixture.ec2.send(new CancelCapacityReservationCommand({ CapacityReservationId: id }));
    await expect(take({ CapacityReservationSpecification: target })).rejects.toMatchObject({ name: 'InvalidCapacityReservationState' });
  });
});
