import { existsSync } from 'node:fs';
import {
  AttachVolumeCommand,
  CreateImageCommand,
  CreateTagsCommand,
  CreateVolumeCommand,
  DescribeImagesCommand,
  DescribeInstanceAttributeCommand,
  DescribeInstanceStatusCommand,
  DescribeInstancesCommand,
  DescribeVolumesCommand,
  GetConsoleOutputCommand,
  ModifyInstanceAttributeCommand,
  RunInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  type Instance,
  type RunInstancesCommandInput,
} from '@aws-sdk/client-ec2';
import type { MetricWrite } from '../../../../infra/local/gateway/ports';
import { eventually, startFixture, type Fixture } from './gateway-fixture';

const SERVER = `
const http = require('node:http'), fs = require('node:fs');
const boots = (fs.existsSync('boots') ? Number(fs.readFileSync('boots', 'utf8')) : 0) + 1;
fs.writeFileSync('boots', String(boots));
console.log('boot ' + boots);
http.createServer((request, response) => {
  if (request.url === '/crash') process.exit(1);
  response.end(JSON.stringify({ boots, disks: fs.readdirSync(process.env.FORESHIFT_DISKS) }));
}).listen(8080, process.env.FORESHIFT_ADDRESS);
`;
const USER_DATA = Buffer.from('#!/bin/sh\nexec "$NODE" server.js\n').toString('base64');

interface Launched {
  readonly InstanceId: string;
  readonly PrivateIpAddress: string;
}

let fixture: Fixture;
let imageId: string;
const published: MetricWrite[] = [];

beforeAll(async () => {
  const sink = { put: (writes: readonly MetricWrite[]) => void published.push(...writes) };
  fixture = await startFixture({ addressPrefix: '127.82', sink, publishEveryMs: 50 });
  imageId = await fixture.seedImage('server', { 'server.js': SERVER });
});
afterAll(() => fixture.stop());
afterEach(() => expect(fixture.defects).toEqual([]));

const launch = async (more: Partial<RunInstancesCommandInput> = {}): Promise<Launched> => {
  const { Instances } = await fixture.ec2.send(
    new RunInstancesCommand({ ImageId: imageId, InstanceType: 'm5.large', MinCount: 1, MaxCount: 1, UserData: USER_DATA, ...more }),
  );
  const { InstanceId = '', PrivateIpAddress = '' } = Instances?.[0] ?? {};
  return { InstanceId, PrivateIpAddress };
};
const describeOne = async (id: string): Promise<Instance | undefined> => {
  const { Reservations } = await fixture.ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
  return Reservations?.[0]?.Instances?.[0];
};
const settled = (id: string, state: string) => eventually(async () => (await describeOne(id))?.State?.Name === state);
const ask = (address: string, path = '/') =>
  eventually(() =>
    fetch(`http://${address}:8080${path}`).then(
      (response) => response.json() as Promise<{ boots: number; disks: string[] }>,
      () => undefined,
    ),
  );
const refuses = (address: string) =>
  eventually(() =>
    fetch(`http://${address}:8080/`).then(
      () => false,
      () => true,
    ),
  );

describe('an instance', () => {
  it('answers HTTP while it runs, and its disk survives stop and start', async () => {
    const { InstanceId: id, PrivateIpAddress: address } = await launch();
    expect((await ask(address)).boots).toBe(1);
    const stopping = await fixture.ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
    expect(stopping.StoppingInstances?.[0]).toMatchObject({ PreviousState: { Name: 'running' }, CurrentState: { Name: 'stopping' } });
    await settled(id, 'stopped');
    await refuses(address);
    await fixture.ec2.send(new StartInstancesCommand({ InstanceIds: [id] }));
    expect((await ask(address)).boots).toBe(2);
    const { Output = '' } = await fixture.ec2.send(new GetConsoleOutputCommand({ InstanceId: id }));
    expect(Buffer.from(Output, 'base64').toString()).toBe('boot 1\nboot 2\n');
  });

  it('passes its disk on through an image, without a reboot', async () => {
    const source = await launch();
    await ask(source.PrivateIpAddress);
    const { ImageId: copy = '' } = await fixture.ec2.send(
      new CreateImageCommand({ InstanceId: source.InstanceId, Name: 'copy', NoReboot: true }),
    );
    await expect(
      fixture.ec2.send(new CreateImageCommand({ InstanceId: source.InstanceId, Name: 'copy', NoReboot: true })),
    ).rejects.toMatchObject({ name: 'InvalidAMIName.Duplicate' });
    await eventually(async () => {
      const { Images } = await fixture.ec2.send(new DescribeImagesCommand({ ImageIds: [copy] }));
      return Images?.[0]?.State === 'available';
    });
    const shadow = await launch({ ImageId: copy });
    expect((await ask(shadow.PrivateIpAddress)).boots).toBe(2);
    expect((await ask(source.PrivateIpAddress)).boots).toBe(1);
  });

  it('goes on running, for EC2, when its process has crashed', async () => {
    const { InstanceId: id, PrivateIpAddress: address } = await launch();
    await ask(address);
    await fetch(`http://${address}:8080/crash`).catch(() => undefined);
    await refuses(address);
    expect((await describeOne(id))?.State?.Name).toBe('running');
  });

  it('finds its data disks under their device names', async () => {
    const { InstanceId: id, PrivateIpAddress: address } = await launch({ Placement: { AvailabilityZone: 'us-east-1a' } });
    await settled(id, 'running');
    const { VolumeId = '' } = await fixture.ec2.send(new CreateVolumeCommand({ AvailabilityZone: 'us-east-1a', Size: 1 }));
    await eventually(async () => {
      const { Volumes } = await fixture.ec2.send(new DescribeVolumesCommand({ VolumeIds: [VolumeId] }));
      return Volumes?.[0]?.State === 'available';
    });
    const attach = new AttachVolumeCommand({ VolumeId, InstanceId: id, Device: '/dev/sdf' });
    await fixture.ec2.send(attach);
    await expect(fixture.ec2.send(attach)).rejects.toMatchObject({ name: 'VolumeInUse' });
    await eventually(async () => (await ask(address)).disks.includes('sdf'));
  });

  it('is gone with its root disk after termination, and can be terminated again', async () => {
    const { InstanceId: id, PrivateIpAddress: address } = await launch();
    await ask(address);
    const root = (await describeOne(id))?.BlockDeviceMappings?.[0]?.Ebs?.VolumeId ?? '';
    expect(existsSync(`${fixture.dataDir}/volumes/${root}`)).toBe(true);
    const terminate = new TerminateInstancesCommand({ InstanceIds: [id] });
    await fixture.ec2.send(terminate);
    await settled(id, 'terminated');
    await refuses(address);
    expect((await fixture.ec2.send(terminate)).TerminatingInstances?.[0]).toMatchObject({
      PreviousState: { Name: 'terminated' },
      CurrentState: { Name: 'terminated' },
    });
    await expect(fixture.ec2.send(new DescribeVolumesCommand({ VolumeIds: [root] }))).rejects.toMatchObject({ name: 'InvalidVolume.NotFound' });
    await eventually(async () => !existsSync(`${fixture.dataDir}/volumes/${root}`));
    await expect(fixture.ec2.send(new StartInstancesCommand({ InstanceIds: [id] }))).rejects.toMatchObject({ name: 'IncorrectInstanceState' });
  });

  it('publishes its load, and a trace in its stead', async () => {
    const { InstanceId: id } = await launch();
    await settled(id, 'running');
    await fixture.control('PUT', `/_local/instances/${id}/load`, {
      metric: 'CPUUtilization',
      startAtMs: Date.now() - 1000,
      periodSeconds: 3600,
      values: [73],
    });
    const valueOf = (metric: string) => published.findLast((write) => write.dimensions['InstanceId'] === id && write.metric === metric)?.values[0];
    await eventually(async () => valueOf('CPUUtilization') === 73 && (valueOf('mem_used_percent') ?? 0) > 1);
  });
});

describe('the state machine', () => {
  it('shows NotFound just after the creation and takes its time to run and to pass its checks', async () => {
    await fixture.control('PUT', '/_local/delays', { notFoundAfterCreateMs: 150, instancePendingMs: 400 });
    try {
      const { InstanceId: id } = await launch();
      await expect(describeOne(id)).rejects.toMatchObject({ name: 'InvalidInstanceID.NotFound' });
      expect((await eventually(() => describeOne(id).catch(() => undefined))).State?.Name).toBe('pending');
      await expect(fixture.ec2.send(new StopInstancesCommand({ InstanceIds: [id] }))).rejects.toMatchObject({ name: 'IncorrectInstanceState' });
      await settled(id, 'running');
      const status = () => fixture.ec2.send(new DescribeInstanceStatusCommand({ InstanceIds: [id] }));
      expect((await status()).InstanceStatuses?.[0]?.InstanceStatus?.Status).toBe('initializing');
      await eventually(async () => (await status()).InstanceStatuses?.[0]?.InstanceStatus?.Status === 'ok');
    } finally {
      await fixture.control('PUT', '/_local/delays', { notFoundAfterCreateMs: 0, instancePendingMs: 0 });
    }
  });

  it('changes the type of a stopped instance only', async () => {
    const { InstanceId: id } = await launch();
    await settled(id, 'running');
    const change = new ModifyInstanceAttributeCommand({ InstanceId: id, InstanceType: { Value: 'm5.xlarge' } });
    await expect(fixture.ec2.send(change)).rejects.toMatchObject({ name: 'IncorrectInstanceState' });
    await fixture.ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
    await settled(id, 'stopped');
    await fixture.ec2.send(change);
    expect((await describeOne(id))?.InstanceType).toBe('m5.xlarge');
    const { UserData } = await fixture.ec2.send(new DescribeInstanceAttributeCommand({ InstanceId: id, Attribute: 'userData' }));
    expect(UserData?.Value).toBe(USER_DATA);
  });

  it('protects an instance from termination', async () => {
    const { InstanceId: id } = await launch({ DisableApiTermination: true });
    const terminate = new TerminateInstancesCommand({ InstanceIds: [id] });
    await expect(fixture.ec2.send(terminate)).rejects.toMatchObject({ name: 'OperationNotPermitted' });
    await fixture.ec2.send(new ModifyInstanceAttributeCommand({ InstanceId: id, DisableApiTermination: { Value: false } }));
    await fixture.ec2.send(terminate);
  });
});

describe('DescribeInstances', () => {
  it('pages through filtered instances', async () => {
    const { Instances = [] } = await fixture.ec2.send(
      new RunInstancesCommand({
        ImageId: imageId,
        InstanceType: 'm5.large',
        MinCount: 7,
        MaxCount: 7,
        TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'batch', Value: 'a<b&c' }] }],
      }),
    );
    const Filters = [{ Name: 'tag:batch', Values: ['a<*'] }];
    const first = await fixture.ec2.send(new DescribeInstancesCommand({ Filters, MaxResults: 5 }));
    const second = await fixture.ec2.send(new DescribeInstancesCommand({ Filters, MaxResults: 5, NextToken: first.NextToken }));
    const ids = [first, second].map(({ Reservations }) => Reservations?.flatMap((group) => group.Instances?.map((one) => one.InstanceId)));
    expect(ids.map((page) => page?.length)).toEqual([5, 2]);
    expect(ids.flat()).toEqual(Instances.map((one) => one.InstanceId));
    await fixture.ec2.send(new CreateTagsCommand({ Resources: [ids[0]?.[0] ?? ''], Tags: [{ Key: 'batch', Value: 'other' }] }));
    const left = await fixture.ec2.send(new DescribeInstancesCommand({ Filters }));
    expect(left.Reservations?.[0]?.Instances).toHaveLength(6);
  });

  it('refuses ids that cannot be and filters that do not exist', async () => {
    await expect(describeOne('i-nonsense')).rejects.toMatchObject({ name: 'InvalidInstanceID.Malformed' });
    await expect(describeOne('i-0123456789abcdef0')).rejects.toMatchObject({ name: 'InvalidInstanceID.NotFound' });
    const odd = new DescribeInstancesCommand({ Filters: [{ Name: 'colour', Values: ['red'] }] });
    await expect(fixture.ec2.send(odd)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });
});
