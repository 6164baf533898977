import { existsSync } from 'node:fs';
import { DescribeInstancesCommand, RunInstancesCommand, StartInstancesCommand, StopInstancesCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { CancelCommandCommand, DescribeInstanceInformationCommand, GetCommandInvocationCommand, ListCommandInvocationsCommand, SSMClient, SendCommandCommand, type GetCommandInvocationResult, type SendCommandCommandInput } from '@aws-sdk/client-ssm';
import { eventually, startFixture, type Fixture } from './gateway-fixture';

let fixture: Fixture;
let ssm: SSMClient;
let imageId: string;

beforeAll(async () => {
  fixture = await startFixture({ addressPrefix: '127.88' });
  imageId = await fixture.seedImage('base', { 'app.txt': 'hello' });
  ssm = new SSMClient({ endpoint: fixture.gateway.url, region: 'us-east-1', credentials: { accessKeyId: 'AKIDTEST', secretAccessKey: 'secret' }, maxAttempts: 1 });
});
afterAll(async () => {
  ssm.destroy();
  await fixture.stop();
});
afterEach(() => expect(fixture.defects).toEqual([]));

const stateOf = async (id: string): Promise<string | undefined> => (await fixture.ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }))).Reservations?.[0]?.Instances?.[0]?.State?.Name;
const launch = async (): Promise<string> => {
  const { Instances } = await fixture.ec2.send(new RunInstancesCommand({ ImageId: imageId, InstanceType: 'm5.large', MinCount: 1, MaxCount: 1, Placement: { AvailabilityZone: 'us-east-1a' } }));
  const id = Instances?.[0]?.InstanceId ?? '';
  await eventually(async () => (await stateOf(id)) === 'running');
  return id;
};
const send = async (id: string, command: string, more: Partial<SendCommandCommandInput> = {}): Promise<string> => {
  const { Command } = await ssm.send(new SendCommandCommand({ DocumentName: 'AWS-RunShellScript', InstanceIds: [id], Parameters: { commands: [command] }, ...more }));
  return Command?.CommandId ?? '';
};
const look = (id: string, CommandId: string): Promise<GetCommandInvocationResult> => ssm.send(new GetCommandInvocationCommand({ CommandId, InstanceId: id }));
const reached = (id: string, commandId: string, details: string) =>
  eventually(async () => {
    const seen = await look(id, commandId);
    return seen.StatusDetails === details && seen;
  });

describe('a command', () => {
  it('runs where the programs of its instance run, with what they know', async () => {
    const id = await launch();
    const seen = await reached(id, await send(id, 'pwd; cat app.txt; echo; echo $FORESHIFT_INSTANCE_ID; test -n "$FORESHIFT_ADDRESS" && ls -d "$FORESHIFT_DISKS" && test -x "$NODE" && command -v foreshift'), 'Success');
    expect(seen).toMatchObject({ Status: 'Success', ResponseCode: 0, DocumentName: 'AWS-RunShellScript', PluginName: 'aws:runShellScript', StandardErrorContent: '' });
    expect(seen.StandardOutputContent).toMatch(new RegExp(`/volumes/vol-\\w+\nhello\n${id}\n.*/disks\n.*/bin/foreshift\n$`));
    expect(Date.parse(seen.ExecutionEndDateTime ?? '')).toBeGreaterThanOrEqual(Date.parse(seen.ExecutionStartDateTime ?? ''));
  });

  it('is Pending or InProgress first, and Failed where it says so', async () => {
    const id = await launch();
    const commandId = await send(id, 'sleep 0.3; echo bad >&2; exit 7');
    expect(['Pending', 'InProgress']).toContain((await look(id, commandId)).Status);
    expect((await look(id, commandId)).ResponseCode).toBe(-1);
    expect(await reached(id, commandId, 'Failed')).toMatchObject({ Status: 'Failed', ResponseCode: 7, StandardErrorContent: 'bad\n' });
  });

  it('shows the first 24,000 characters, and 2,500 in lists', async () => {
    const id = await launch();
    const commandId = await send(id, 'head -c 100000 /dev/zero | tr "\\0" x');
    expect((await reached(id, commandId, 'Success')).StandardOutputContent).toHaveLength(24_000);
    const { CommandInvocations = [] } = await ssm.send(new ListCommandInvocationsCommand({ CommandId: commandId, Details: true }));
    expect(CommandInvocations).toMatchObject([{ CommandId: commandId, InstanceId: id, Status: 'Success', CommandPlugins: [{ ResponseCode: 0 }] }]);
    expect(CommandInvocations[0]?.CommandPlugins?.[0]?.Output).toHaveLength(2_500);
  });

  it('is ended when its time is over, and when it is cancelled', async () => {
    const id = await launch();
    const timed = await send(id, 'sleep 30', { Parameters: { commands: ['sleep 30'], executionTimeout: ['1'] } });
    const cancelled = await send(id, 'sleep 30');
    await ssm.send(new CancelCommandCommand({ CommandId: cancelled }));
    expect((await reached(id, cancelled, 'Cancelled')).Status).toBe('Cancelled');
    expect(await reached(id, timed, 'ExecutionTimedOut')).toMatchObject({ Status: 'TimedOut', ResponseCode: -1 });
  });

  it('ends with its instance, and then nobody tells how it went', async () => {
    const id = await launch();
    const commandId = await send(id, 'exec sleep 300');
    await reached(id, commandId, 'InProgress');
    await fixture.ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
    await eventually(async () => (await stateOf(id)) === 'stopped');
    expect((await look(id, commandId)).StatusDetails).toBe('InProgress');
    expect(existsSync(`${fixture.dataDir}/instances/${id}/process-groups`)).toBe(false);
  });

  it('leaves in the background what it detached, until the instance ends', async () => {
    const id = await launch();
    const commandId = await send(id, '(while :; do date > beat; sleep 0.05; done) > /dev/null 2>&1 & echo started');
    expect((await reached(id, commandId, 'Success')).StandardOutputContent).toBe('started\n');
    const count = async (): Promise<string> => (await reached(id, await send(id, 'stat -c %y beat'), 'Success')).StandardOutputContent ?? '';
    const first = await count();
    await eventually(async () => (await count()) !== first);
    await fixture.ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
    await eventually(async () => (await stateOf(id)) === 'stopped');
    await fixture.ec2.send(new StartInstancesCommand({ InstanceIds: [id] }));
    await eventually(async () => (await stateOf(id)) === 'running');
    const after = await count();
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(await count()).toBe(after);
  });
});

describe('an instance', () => {
  it('is managed a moment after it runs, and not when it is stopped or terminated', async () => {
    await fixture.control('PUT', '/_local/delays', { managedAfterRunningMs: 300 });
    const id = await launch();
    const ping = async (): Promise<string | undefined> =>
      (await ssm.send(new DescribeInstanceInformationCommand({ Filters: [{ Key: 'InstanceIds', Values: [id] }] }))).InstanceInformationList?.[0]?.PingStatus;
    await expect(send(id, 'true')).rejects.toMatchObject({ name: 'InvalidInstanceId' });
    expect(await ping()).toBeUndefined();
    await fixture.control('PUT', '/_local/delays', { managedAfterRunningMs: 0 });
    expect(await ping()).toBe('Online');
    await fixture.ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
    await expect(send(id, 'true')).rejects.toMatchObject({ name: 'InvalidInstanceId' });
    await eventually(async () => (await stateOf(id)) === 'stopped');
    expect(await ping()).toBe('ConnectionLost');
    await fixture.ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    await eventually(async () => (await stateOf(id)) === 'terminated');
    await expect(send(id, 'true')).rejects.toMatchObject({ name: 'InvalidInstanceId' });
    expect(await ping()).toBeUndefined();
  });

  it('without power gets its command when the power is back', async () => {
    const id = await launch();
    await fixture.control('PUT', '/_local/zones/us-east-1a/outage');
    const commandId = await send(id, 'echo back');
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect((await look(id, commandId)).StatusDetails).toBe('Pending');
    await fixture.control('DELETE', '/_local/zones/us-east-1a/outage');
    expect((await reached(id, commandId, 'Success')).StandardOutputContent).toBe('back\n');
  });
});

describe('what is wrong', () => {
  it('is refused by the names that SSM has for it', async () => {
    const id = await launch();
    await expect(send(id, 'true', { DocumentName: 'AWS-Nothing' })).rejects.toMatchObject({ name: 'InvalidDocument' });
    await expect(send(id, 'true', { Parameters: { command: ['true'] } })).rejects.toMatchObject({ name: 'InvalidParameters' });
    await expect(send(id, 'true', { InstanceIds: [id, id] })).rejects.toMatchObject({ name: 'DuplicateInstanceId' });
    await expect(send(id, 'true', { TimeoutSeconds: 5 })).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(look(id, '00000000-0000-0000-0000-000000000000')).rejects.toMatchObject({ name: 'InvocationDoesNotExist' });
    await expect(ssm.send(new CancelCommandCommand({ CommandId: '00000000-0000-0000-0000-000000000000' }))).rejects.toMatchObject({ name: 'InvalidCommandId' });
  });
});
