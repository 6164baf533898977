import { AllocateHostsCommand, CreateTagsCommand, DescribeHostsCommand, DescribeInstancesCommand, ReleaseHostsCommand, RunInstancesCommand, StopInstancesCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { createOwnedCapacity } from '../../../../src/adapters/aws/owned-capacity';
import { eventually, startFixture, type Fixture } from './gateway-fixture';

let fixture: Fixture;
let imageId: string;

beforeAll(async () => {
  fixture = await startFixture({ addressPrefix: '127.85' });
  imageId = await fixture.seedImage('base');
});
afterAll(() => fixture.stop());
afterEach(() => expect(fixture.defects).toEqual([]));

const allocate = async (tags: Record<string, string> = {}): Promise<string> => {
  const TagSpecifications = [{ ResourceType: 'dedicated-host' as const, Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) }];
  const { HostIds = [] } = await fixture.ec2.send(new AllocateHostsCommand({ AvailabilityZone: 'us-east-1a', InstanceFamily: 'm5', Quantity: 1, TagSpecifications }));
  return HostIds[0] ?? '';
};
const launchOn = (HostId: string, shape: 'm5.large' | 'm5.xlarge' = 'm5.large', Tenancy: 'host' | 'default' = 'host'): Promise<string> =>
  fixture.ec2
    .send(new RunInstancesCommand({ ImageId: imageId, InstanceType: shape, MinCount: 1, MaxCount: 1, Placement: { HostId, Tenancy, AvailabilityZone: 'us-east-1a' } }))
    .then(({ Instances = [] }) => Instances[0]?.InstanceId ?? '');
const freeOf = async (hostId: string): Promise<number | undefined> => (await fixture.ec2.send(new DescribeHostsCommand({ HostIds: [hostId] }))).Hosts?.[0]?.AvailableCapacity?.AvailableVCpus;

describe('dedicated hosts', () => {
  it('take instances of their family until their vCPUs are taken, and get them back', async () => {
    const hostId = await allocate();
    const first = await launchOn(hostId);
    await launchOn(hostId);
    expect(await freeOf(hostId)).toBe(0);
    await expect(launchOn(hostId)).rejects.toMatchObject({ name: 'InsufficientHostCapacity' });
    expect(await eventually(() => fixture.ec2.send(new StopInstancesCommand({ InstanceIds: [first] })).then(() => true, () => false))).toBe(true);
    expect(await eventually(async () => (await freeOf(hostId)) === 2)).toBe(true);
    const { Reservations } = await fixture.ec2.send(new DescribeInstancesCommand({ Filters: [{ Name: 'host-id', Values: [hostId] }] }));
    expect(Reservations?.flatMap(({ Instances = [] }) => Instances.map(({ Placement }) => [Placement?.HostId, Placement?.Tenancy]))).toEqual([[hostId, 'host'], [hostId, 'host']]);
  });

  it('refuse another tenancy, an unknown host and one that is released; an occupied one is not released', async () => {
    const hostId = await allocate();
    await expect(launchOn(hostId, 'm5.large', 'default')).rejects.toMatchObject({ name: 'InvalidParameterCombination' });
    await expect(launchOn('h-0123456789abcdef0')).rejects.toMatchObject({ name: 'InvalidHostID.NotFound' });
    const instanceId = await launchOn(hostId);
    const release = () => fixture.ec2.send(new ReleaseHostsCommand({ HostIds: [hostId] }));
    expect((await release()).Unsuccessful?.map(({ ResourceId }) => ResourceId)).toEqual([hostId]);
    await fixture.ec2.send(new TerminateInstancesCommand({ InstanceIds: [instanceId] }));
    expect(await eventually(async () => (await release()).Successful?.[0] === hostId)).toBe(true);
    await expect(launchOn(hostId)).rejects.toMatchObject({ name: 'InvalidHostState' });
  });

  it('are the account\'s own capacity, for the fleet that their tag names', async () => {
    const hostId = await allocate({ 'foreshift:fleet': 'shop' });
    const catalogue = { shape: () => Promise.reject(new Error('no reservation is there')), shapes: async () => [], offeredShapes: async () => new Map() };
    const own = async () => (await createOwnedCapacity(fixture.ec2, catalogue as never).list()).find(({ capacityId }) => capacityId === hostId);
    await launchOn(hostId);
    expect(await own()).toEqual({ kind: 'host', capacityId: hostId, zone: 'us-east-1a', fleet: 'shop', totalVcpus: 4, freeVcpus: 2, shapes: ['m5.large', 'm5.xlarge'] });
    await fixture.ec2.send(new CreateTagsCommand({ Resources: [hostId], Tags: [{ Key: 'foreshift:fleet', Value: 'bank' }] }));
    expect((await own())?.fleet).toBe('bank');
  });
});
