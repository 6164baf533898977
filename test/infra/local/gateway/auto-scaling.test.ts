import { AutoScalingClient, CreateAutoScalingGroupCommand, DeleteAutoScalingGroupCommand, DescribeAutoScalingGroupsCommand, DescribeScheduledActionsCommand, DescribeWarmPoolCommand, PutWarmPoolCommand, SetDesiredCapacityCommand, UpdateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import { DescribeInstancesCommand, RunInstancesCommand, TerminateInstancesCommand, type EC2Client } from '@aws-sdk/client-ec2';
import { createGroupActivities } from '../../../../src/activities/group-activities';
import { createScalingGroups } from '../../../../src/adapters/aws/scaling-groups';
import { shapeOf } from '../../../domain/shapes/generated-catalogue';
import { CATALOGUE, eventually, startFixture, type Fixture } from './gateway-fixture';

let fixture: Fixture;
let imageId: string;
let groups: AutoScalingClient;
let count = 0;
beforeAll(async () => {
  const launchTemplate = async (id: string) => (id === 'lt-1' ? { ImageId: imageId, InstanceType: 'm5.large' as const, MinCount: 1, MaxCount: 1 } : undefined);
  fixture = await startFixture({ addressPrefix: '127.88', catalogue: { ...CATALOGUE, launchTemplate } });
  imageId = await fixture.seedImage('base');
  groups = new AutoScalingClient({ endpoint: fixture.gateway.url, region: 'us-east-1', credentials: { accessKeyId: 'AKIDTEST', secretAccessKey: 'secret' }, maxAttempts: 1 });
});
afterAll(async () => {
  groups.destroy();
  await fixture.stop();
});
afterEach(() => {
  fixture.gateway.faults.clear();
  expect(fixture.defects).toEqual([]);
});

const ZONES = ['us-east-1a', 'us-east-1b'];
async function create(sizes: { readonly min?: number; readonly max?: number; readonly desired: number }): Promise<string> {
  const AutoScalingGroupName = `group-${(count += 1)}`;
  await groups.send(new CreateAutoScalingGroupCommand({ AutoScalingGroupName, LaunchTemplate: { LaunchTemplateId: 'lt-1', Version: '$Default' }, MinSize: sizes.min ?? 0, MaxSize: sizes.max ?? 6, DesiredCapacity: sizes.desired, AvailabilityZones: ZONES, Tags: [{ Key: 'foreshift:service', Value: 'shop', PropagateAtLaunch: true }] }));
  return AutoScalingGroupName;
}
const instancesOf = async (name: string) => (await groups.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }))).AutoScalingGroups?.[0]?.Instances ?? [];
const serving = async (name: string, wanted: number) => {
  const found = await instancesOf(name);
  return found.length === wanted && found.every(({ LifecycleState }) => LifecycleState === 'InService') ? found : undefined;
};
const remove = (name: string) => groups.send(new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: name, ForceDelete: true }));

describe('an Auto Scaling group of the local cloud', () => {
  it('launches over its zones, tags what it launches, replaces what ends, and ends all when it is deleted', async () => {
    const name = await create({ desired: 2 });
    const found = await eventually(() => serving(name, 2));
    expect(found.map(({ AvailabilityZone }) => AvailabilityZone).toSorted()).toEqual(ZONES);
    const firstId = found[0]?.InstanceId ?? '';
    const { Reservations } = await fixture.ec2.send(new DescribeInstancesCommand({ InstanceIds: [firstId] }));
    expect(Reservations?.[0]?.Instances?.[0]?.Tags).toEqual(expect.arrayContaining([{ Key: 'foreshift:service', Value: 'shop' }, { Key: 'aws:autoscaling:groupName', Value: name }]));
    await fixture.ec2.send(new TerminateInstancesCommand({ InstanceIds: [firstId] }));
    expect(await eventually(async () => (await serving(name, 2))?.every(({ InstanceId }) => InstanceId !== firstId))).toBe(true);
    await remove(name);
    await eventually(async () => (await groups.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }))).AutoScalingGroups?.length === 0);
  });

  it('keeps its desired capacity within its minimum and maximum', async () => {
    const name = await create({ min: 1, max: 2, desired: 1 });
    const set = (DesiredCapacity: number) => groups.send(new SetDesiredCapacityCommand({ AutoScalingGroupName: name, DesiredCapacity }));
    await expect(set(3)).rejects.toMatchObject({ name: 'ValidationError', message: expect.stringMatching(/above max value 2/) });
    await expect(set(0)).rejects.toMatchObject({ message: expect.stringMatching(/below min value 1/) });
    await groups.send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: name, MinSize: 2 }));
    await eventually(() => serving(name, 2));
    await remove(name);
  });

  it('takes what it needs from its warm pool, whose instances are stopped until then', async () => {
    const name = await create({ desired: 1, max: 3 });
    await groups.send(new PutWarmPoolCommand({ AutoScalingGroupName: name, PoolState: 'Stopped' }));
    const stopped = await eventually(async () => {
      const { Instances = [] } = await groups.send(new DescribeWarmPoolCommand({ AutoScalingGroupName: name }));
      return Instances.length === 2 && Instances.every(({ LifecycleState }) => LifecycleState === 'Warmed:Stopped') && Instances;
    });
    await groups.send(new SetDesiredCapacityCommand({ AutoScalingGroupName: name, DesiredCapacity: 2 }));
    const found = await eventually(() => serving(name, 2));
    expect(stopped.some(({ InstanceId }) => found.some((one) => one.InstanceId === InstanceId))).toBe(true);
    await remove(name);
  });

  it('says why a launch fails where its zones have no room, and launches when they do', async () => {
    for (const zone of ZONES) await fixture.control('PUT', '/_local/pools', { zone, shape: 'm5.large', capacity: 0 });
    const sinceMs = Date.now();
    const port = createScalingGroups(groups, fixture.ec2);
    const name = await create({ desired: 1 });
    expect(await eventually(async () => (await port.launchFailure(name, sinceMs)) ?? undefined)).toMatch(/do not have sufficient m5.large capacity/);
    expect(await instancesOf(name)).toEqual([]);
    for (const zone of ZONES) await fixture.control('PUT', '/_local/pools', { zone, shape: 'm5.large', capacity: null });
    await eventually(() => serving(name, 1));
    expect(await port.launchFailure(name, sinceMs)).toBeNull();
    await remove(name);
  });
});

describe('the adapter of Auto Scaling groups', () => {
  it('reads sizes, tags and warm pool, sets what is desired, and tells an unknown group', async () => {
    // Launch templates are moto's, which this test has none of.
    const port = createScalingGroups(groups, { send: async () => ({ LaunchTemplateVersions: [{ LaunchTemplateData: { InstanceType: 'm5.large' } }] }) } as unknown as EC2Client);
    const name = await create({ desired: 1, max: 4 });
    await eventually(() => serving(name, 1));
    expect({ ...(await port.describe(name)), shapes: await port.shapes(name) }).toEqual({ name, min: 0, max: 4, desired: 1, inService: 1, zones: ZONES, shapes: ['m5.large'], warm: null, tags: { 'foreshift:service': 'shop' } });
    await groups.send(new PutWarmPoolCommand({ AutoScalingGroupName: name, MaxGroupPreparedCapacity: 3 }));
    await eventually(async () => (await port.describe(name)).warm === 2);
    await port.setDesired(name, 2);
    await eventually(async () => (await port.describe(name)).desired === 2);
    await port.tag(name, 'foreshift:raised-by:1', 'raise-1 1:2 +1 capacity/web');
    const { AutoScalingGroups } = await groups.send(new DescribeAutoScalingGroupsCommand({ Filters: [{ Name: 'tag-key', Values: ['foreshift:raised-by:1'] }] }));
    expect(AutoScalingGroups).toMatchObject([{ DesiredCapacity: 2, Tags: expect.arrayContaining([expect.objectContaining({ Key: 'foreshift:raised-by:1', PropagateAtLaunch: false })]) }]);
    await port.untag(name, 'foreshift:raised-by:1');
    expect((await groups.send(new DescribeAutoScalingGroupsCommand({ Filters: [{ Name: 'tag-key', Values: ['foreshift:raised-by:1'] }] }))).AutoScalingGroups).toEqual([]);
    await expect(port.describe('no-such-group')).rejects.toMatchObject({ type: 'NotFound', message: expect.stringMatching(/"no-such-group" does not exist/) });
    await remove(name);
  });

  it('schedules a change once; one that ran is there no longer, and one that never was is told as such', async () => {
    const port = createScalingGroups(groups, fixture.ec2);
    const name = await create({ desired: 0 });
    const isScheduled = async (AutoScalingGroupName: string) => (await groups.send(new DescribeScheduledActionsCommand({ AutoScalingGroupName, ScheduledActionNames: ['later'] }))).ScheduledUpdateGroupActions?.length === 1;
    await port.schedule(name, { name: 'later', atMs: Date.now() + 3_600_000, desired: 3 });
    expect(await isScheduled(name)).toBe(true);
    await port.schedule(name, { name: 'later', atMs: Date.now() + 400, desired: 1 });
    await eventually(async () => !(await isScheduled(name)));
    await eventually(() => serving(name, 1));
    expect(await port.unschedule(name, 'later')).toBe(false);
    await port.schedule(name, { name: 'later', atMs: Date.now() + 3_600_000, desired: 3 });
    expect(await port.unschedule(name, 'later')).toBe(true);
    expect(await isScheduled(name)).toBe(false);
    await remove(name);
  });
});

describe('a hold on an Auto Scaling group of the local cloud', () => {
  const owner = { workflowId: 'capacity/shop/window', runId: 'run-1' };
  const templates = { send: async () => ({ LaunchTemplateVersions: [{ LaunchTemplateData: { InstanceType: 'm5.large' } }] }) } as unknown as EC2Client;
  const activities = () => createGroupActivities({ groups: createScalingGroups(groups, templates), compute: { shape: async (name) => shapeOf(name) } });
  const sizeOf = async (name: string) => (await groups.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }))).AutoScalingGroups?.[0];

  it('raises it once and lowers it by exactly that, though every answer of the first attempt is lost', async () => {
    const { raiseGroup, lowerGroup, awaitGroup, lookAtGroup } = activities();
    const group = await create({ desired: 1, max: 5 });
    for (const operation of ['SetDesiredCapacity', 'CreateOrUpdateTags', 'DeleteTags']) await fixture.control('POST', '/_local/faults', { kind: 'dropAfter', operation: `autoscaling:${operation}`, times: 1 });
    const sinceMs = Date.now();
    const raise = () => raiseGroup({ owner, group, step: 'raise-1', by: 2 });
    await expect(raise()).rejects.toThrow('socket hang up');
    await expect(raise()).rejects.toThrow('socket hang up');
    expect(await raise()).toEqual({ added: 2, desired: 3 });
    await eventually(() => awaitGroup({ group, inService: 3, sinceMs }).then(() => true, () => false));
    expect(await lookAtGroup({ owner, group })).toMatchObject({ desired: 3, own: 2, room: 2, inService: 3, shape: 'm5.large' });
    await groups.send(new SetDesiredCapacityCommand({ AutoScalingGroupName: group, DesiredCapacity: 4 }));
    const lower = () => lowerGroup({ owner, group, step: 'release-2', by: null });
    await expect(lower()).rejects.toThrow('socket hang up');
    await lower();
    expect(await sizeOf(group)).toMatchObject({ DesiredCapacity: 2, Tags: [{ Key: 'foreshift:service' }] });
    await remove(group);
    await lowerGroup({ owner, group: 'gone-group', step: 'release-3', by: null });
  });
});

describe('a Spot Instance', () => {
  it('takes spot capacity, which is a pool of its own, and no quota', async () => {
    const launch = (zone: string) => fixture.ec2.send(new RunInstancesCommand({ ImageId: imageId, InstanceType: 'm5.xlarge', MinCount: 1, MaxCount: 1, Placement: { AvailabilityZone: zone }, InstanceMarketOptions: { MarketType: 'spot' } }));
    await fixture.control('PUT', '/_local/pools', { zone: 'us-east-1a', shape: 'm5.xlarge', capacity: 0 });
    await fixture.control('PUT', '/_local/pools', { zone: 'us-east-1a', shape: 'm5.xlarge', capacity: 1, market: 'spot' });
    await fixture.control('PUT', '/_local/quota', { vcpus: 0 });
    expect((await launch('us-east-1a')).Instances?.[0]?.InstanceLifecycle).toBe('spot');
    await expect(launch('us-east-1a')).rejects.toMatchObject({ name: 'InsufficientInstanceCapacity' });
    expect((await fixture.control('GET', '/_local/pools', undefined)).body['pools']).toEqual(expect.arrayContaining([{ zone: 'us-east-1a', shape: 'm5.xlarge', market: 'spot', capacity: 1, free: 0 }]));
    await fixture.control('PUT', '/_local/quota', { vcpus: null });
  });
});
