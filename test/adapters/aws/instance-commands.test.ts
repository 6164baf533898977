import { RunInstancesCommand, StopInstancesCommand } from '@aws-sdk/client-ec2';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { InstanceCommandPort } from '../../../src/activities/instance-command-port';
import { createInstanceCommands } from '../../../src/adapters/aws/instance-commands';
import { eventually, startFixture, type Fixture } from '../../infra/local/gateway/gateway-fixture';

const LIMITS = { withinMs: 10_000 };

describe('a command on an instance', () => {
  let fixture: Fixture;
  let ssm: SSMClient;
  let commands: InstanceCommandPort;
  let instanceId: string;
  beforeAll(async () => {
    fixture = await startFixture({ addressPrefix: '127.87' });
    ssm = new SSMClient({ endpoint: fixture.gateway.url, region: 'us-east-1', credentials: { accessKeyId: 'AKIDTEST', secretAccessKey: 'secret' }, maxAttempts: 1 });
    commands = createInstanceCommands(ssm);
    const ImageId = await fixture.seedImage('base', { 'app.txt': 'hello' });
    const { Instances } = await fixture.ec2.send(new RunInstancesCommand({ ImageId, InstanceType: 'm5.large', MinCount: 1, MaxCount: 1 }));
    instanceId = Instances?.[0]?.InstanceId ?? '';
    await eventually(() => commands.run(instanceId, 'true', LIMITS).catch(() => undefined));
  });
  afterAll(async () => {
    ssm.destroy();
    await fixture.stop();
  });
  afterEach(() => {
    fixture.gateway.faults.clear();
    expect(fixture.defects).toEqual([]);
  });

  it('brings back what it wrote and its exit code', async () => {
    expect(await commands.run(instanceId, 'cat app.txt; echo "I am $FORESHIFT_INSTANCE_ID" >&2; exit 3', LIMITS)).toEqual({ exitCode: 3, stdout: 'hello', stderr: `I am ${instanceId}\n` });
  });

  it('is waited for where its first looks are too early, throttled or not answered, and is not sent twice', async () => {
    await fixture.control('PUT', '/_local/delays', { notFoundAfterCreateMs: 300 });
    const sent = (): number => fixture.gateway.calls.since(0).filter(({ operation }) => operation === 'SendCommand').length;
    const before = sent();
    fixture.gateway.faults.add({ kind: 'error', operation: 'ssm:GetCommandInvocation', code: 'ThrottlingException', status: 400, message: 'Rate exceeded', times: 1, skip: 2 });
    fixture.gateway.faults.add({ kind: 'error', operation: 'ssm:GetCommandInvocation', code: 'InternalServerError', status: 500, message: 'a moment', times: 1, skip: 2 });
    try {
      expect((await commands.run(instanceId, 'echo once >> runs; cat runs', LIMITS)).stdout).toBe('once\n');
      expect(sent() - before).toBe(1);
    } finally {
      await fixture.control('PUT', '/_local/delays', { notFoundAfterCreateMs: 0 });
    }
  });

  it('that SSM does not take now is for the caller to repeat', async () => {
    fixture.gateway.faults.add({ kind: 'error', operation: 'ssm:SendCommand', code: 'InternalServerError', status: 500, message: 'a moment', times: 1, skip: 0 });
    fixture.gateway.faults.add({ kind: 'error', operation: 'ssm:SendCommand', code: 'ThrottlingException', status: 400, message: 'Rate exceeded', times: 1, skip: 0 });
    await expect(commands.run(instanceId, 'true', LIMITS)).rejects.toMatchObject({ type: 'Unavailable', nonRetryable: false });
    await expect(commands.run(instanceId, 'true', LIMITS)).rejects.toMatchObject({ type: 'Throttled', nonRetryable: false });
  });

  it('that does not end in time is Unavailable, and is ended', async () => {
    await expect(commands.run(instanceId, 'sleep 0.7; touch too-late', { withinMs: 300 })).rejects.toMatchObject({ type: 'Unavailable' });
    expect((await commands.run(instanceId, 'sleep 0.7; ls', LIMITS)).stdout).not.toContain('too-late');
  });

  it('on an instance that is stopped is NotReadyYet', async () => {
    await fixture.ec2.send(new StopInstancesCommand({ InstanceIds: [instanceId] }));
    await expect(commands.run(instanceId, 'true', LIMITS)).rejects.toMatchObject({ type: 'NotReadyYet', nonRetryable: false });
  });
});
