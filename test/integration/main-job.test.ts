import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateKeyPairCommand, CreateSecurityGroupCommand, CreateVpcCommand, DescribeInstancesCommand, ModifyInstanceAttributeCommand, StopInstancesCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { DeregisterTargetsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { WorkflowFailedError } from '@temporalio/client';
import { control } from '../../infra/local/demo/control-client';
import { leftOver, takeInventory } from '../../infra/local/demo/inventory';
import type { MigrateInstanceResult } from '../../src/contracts/migrate-instance';
import type { ShapeFleetResult } from '../../src/contracts/shape-fleet';
import { policyDocument } from '../../src/adapters/aws/iam/policy-document';
import { ROLE_PERMISSIONS } from '../../src/adapters/aws/iam/roles';
import { matchNetwork } from '../../src/domain/region/match-network';
import { built } from '../support/built';
import { LiveFleet } from './live-fleet';
import type { GatewayCall } from './live-fleet';
import { runOn } from './run-on';

const FAST = { rampStepsPercent: [50, 100], rampStepMs: 1_500, bakeMs: 1_500 } as const;
const SHAPES = ['m7i.large', 'm7i.xlarge', 'm6i.large'];
const ZONES = ['us-east-1a', 'us-east-1b'];

const BLOCK_BYTES = 524_288;
const WRITTEN_BYTES = 16 * BLOCK_BYTES;

const A_WHOLE_MIGRATION_MS = 240_000;
/** Of the local cloud, and by which its worker signs. */
const ACCOUNT = '123456789012';
const WORKER_KEY = 'FORESHIFTWORKER';

describe('a migration on the local cloud', () => {
  let live: LiveFleet;
  beforeAll(async () => {
    live = await LiveFleet.start('test-main-job');
    // All of it with no more rights than are shipped.
    await live.control('PUT', '/_local/policies', { accessKeyId: WORKER_KEY, policy: policyDocument(ROLE_PERMISSIONS.worker, { account: ACCOUNT, partition: 'aws' }) });
  }, 300_000);
  afterAll(async () => {
    await live.stop();
  });
  afterEach(async () => {
    await live.control('DELETE', '/_local/faults');
    for (const zone of ZONES) for (const shape of SHAPES) await live.control('PUT', '/_local/pools', { zone, shape, capacity: null });
  });

  const mutatingSince = async (seq: number): Promise<string[]> =>
    (await live.callsSince(seq)).filter((call) => call.mutating).map((call) => `${call.service}:${call.operation}`);
  const failureOf = async (work: Promise<unknown>): Promise<string> => {
    const error: unknown = await work.then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(WorkflowFailedError);
    return (error as WorkflowFailedError).cause?.message ?? '';
  };
  const startByCli = (input: string, ...more: string[]) =>
    live.temporal('workflow', 'execute', '--type', 'migrateInstance', '--task-queue', 'foreshift', '--input', input, '--output', 'json', ...more);

  it('started by the Temporal CLI with dryRun, returns the whole plan and changes nothing', async () => {
    const before = await live.lastCall();
    const instanceId = live.instance('web-1');
    const { code, output } = await startByCli(JSON.stringify({ instanceId, dryRun: true }));
    const { result } = JSON.parse(output) as { result: Extract<MigrateInstanceResult, { kind: 'Planned' }> };
    expect(code).toBe(0);
    expect(result.kind).toBe('Planned');
    expect(result.planHash).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(result.plan)).toContain(instanceId);
    expect(await mutatingSince(before)).toEqual([]);
  });

  it('is begun, watched, approved, aborted and found again by the recipes of docs/temporal.md, as they stand there', async () => {
    const before = await live.inventory();
    const { code, output } = await live.shell(recipesOf('docs/temporal.md'), { INSTANCE: live.instance('web-2') });
    expect({ code, output: code === 0 ? '' : output.slice(-3_000) }).toEqual({ code: 0, output: '' });
    expect(leftOver(before, await live.inventory(), [])).toEqual([]);
  }, A_WHOLE_MIGRATION_MS);

  it('is only thought of by a control tick that observes: every instance is weighed, and nothing is changed', async () => {
    const before = await live.lastCall();
    const { code, output } = await live.temporal('workflow', 'execute', '--type', 'shapeFleet', '--task-queue', 'foreshift', '--input', '{"fleet":"demo"}', '--output', 'json');
    const { result } = JSON.parse(output) as { result: ShapeFleetResult };
    expect(code).toBe(0);
    expect(result).toMatchObject({ mode: 'observe', instances: live.fleet.instances.length });
    expect(['Empty', 'Observed']).toContain(result.outcome);
    expect(await mutatingSince(before)).toEqual([]);
  });

  it.each([
    ['a field that does not exist', { bakeMinutes: 3 }, 'bakeMinutes is not a field of migrateInstance'],
    ['a ramp that does not end with everything', { rampStepsPercent: [10, 50] }, 'rampStepsPercent is [10,50]; expected a list of rising percentages'],
    ['an instance id that is none', { instanceId: 'web-1' }, 'instanceId is "web-1"; expected an EC2 instance id'],
    ['an unknown instance', { instanceId: 'i-0123456789abcdef0' }, 'i-0123456789abcdef0'],
  ])('with %s, fails at once with a sentence and creates nothing', async (_, wrong, sentence) => {
    const before = await live.lastCall();
    const { code, output } = await startByCli(JSON.stringify({ instanceId: live.instance('web-1'), ...wrong }));
    expect(code).not.toBe(0);
    expect(output.replaceAll('\\"', '"')).toContain(sentence);
    expect(await mutatingSince(before)).toEqual([]);
  });

  it('has no right to end, stop or change an instance that nobody gave to Foreshift', async () => {
    const { Reservations = [] } = await live.aws.ec2.send(new DescribeInstancesCommand({ InstanceIds: [live.instance('web-1')] }));
    const { launchInstance } = built<typeof import('../../infra/local/demo/launch-instance')>('infra/local/demo/launch-instance');
    const instanceId = await launchInstance(live.aws.ec2, { imageId: Reservations[0]?.Instances?.[0]?.ImageId ?? '', subnet: undefined, tags: { Name: 'billing' }, userData: '' });
    const { ec2 } = built<typeof import('../../src/adapters/aws/clients')>('src/adapters/aws/clients').createAwsClients({ region: 'us-east-1', endpoint: live.stack.info.awsEndpoint, credentials: { accessKeyId: WORKER_KEY, secretAccessKey: 'local-cloud-only' } });
    for (const command of [new TerminateInstancesCommand({ InstanceIds: [instanceId] }), new StopInstancesCommand({ InstanceIds: [instanceId] }), new ModifyInstanceAttributeCommand({ InstanceId: instanceId, InstanceType: { Value: 'm7i.xlarge' } })]) {
      await expect(ec2.send(command as TerminateInstancesCommand)).rejects.toMatchObject({ name: 'UnauthorizedOperation', message: expect.stringContaining(`instance/${instanceId}`) });
    }
    await untilState(live, instanceId, 'running');
    // What could not be ended when its shadow serves is not begun with.
    const before = await live.lastCall();
    expect(await failureOf(live.migrate({ instanceId }))).toMatch(new RegExp(`may not terminate ${instanceId}: .*not authorized.*It carries no tag foreshift:fleet`));
    expect(await live.migrate({ instanceId, dryRun: true })).toMatchObject({ kind: 'Planned', plan: { why: expect.arrayContaining([expect.stringContaining('not to be carried out')]) } });
    expect(await mutatingSince(before)).toEqual([]);
    await live.aws.ec2.send(new TerminateInstancesCommand({ InstanceIds: [instanceId] }));
    ec2.destroy();
  });

  it('of a terminated instance fails at once, naming its state', async () => {
    const instanceId = live.instance('web-3');
    await live.aws.ec2.send(new TerminateInstancesCommand({ InstanceIds: [instanceId] }));
    await untilState(live, instanceId, 'terminated');
    const before = await live.lastCall();
    expect(await failureOf(live.migrate({ instanceId }))).toMatch(new RegExp(`${instanceId}.*terminated`));
    expect(await mutatingSince(before)).toEqual([]);
  });

  it('that nobody approves is refused when its approval expires, and nothing was created', async () => {
    const before = await live.lastCall();
    const result = await live.migrate({ instanceId: live.instance('web-1'), approval: 'required', approvalTimeoutMs: 1_000 });
    expect(result).toMatchObject({ kind: 'Refused', error: 'ApprovalExpired' });
    expect(await mutatingSince(before)).toEqual([]);
  });

  it('without capacity anywhere ends Refused, with a reason for every rung and nothing left', async () => {
    for (const zone of ZONES) for (const shape of SHAPES) await live.control('PUT', '/_local/pools', { zone, shape, capacity: 0 });
    const before = await live.inventory();
    const result = await live.migrate({ instanceId: live.instance('web-1'), zones: ZONES, shapes: SHAPES.slice(0, 2) });
    expect(result).toMatchObject({ kind: 'Refused', error: 'InsufficientCapacity' });
    if (result.kind !== 'Refused') throw new Error('unreachable');
    for (const zone of ZONES) for (const shape of SHAPES.slice(0, 2)) expect(result.reasons.some((reason) => reason.includes(zone) && reason.includes(shape))).toBe(true);
    expect(await live.leftSince(before, result)).toEqual([]);
  });

  it('with no capacity on the first rung and every reply lost once, takes the next rung, doubles nothing and fails no request', async () => {
    await live.control('PUT', '/_local/pools', { zone: 'us-east-1a', shape: 'm7i.large', capacity: 0 });
    for (const operation of ['ec2:CreateCapacityReservation', 'ec2:CreateImage', 'ec2:RunInstances', 'ec2:CreateSnapshots', 'elasticloadbalancing:CreateTargetGroup', 'ec2:TerminateInstances']) {
      await live.control('POST', '/_local/faults', { kind: 'dropAfter', operation, times: 1 });
    }
    const before = await live.inventory();
    const traffic = live.traffic();
    const instanceId = live.instance('web-1');
    const byCli = startByCli(JSON.stringify({ instanceId, zones: ZONES, shapes: ['m7i.large'], ...FAST }), '--workflow-id', 'an-id-of-the-operators-own');
    const handle = live.client.workflow.getHandle(`migration/${instanceId}`);
    await live.until(handle, 'the reservation', (status) => status.reservation !== null);
    expect(await failureOf(live.client.workflow.execute('migrateInstance', { taskQueue: 'foreshift', workflowId: 'second', args: [{ instanceId }] }))).toContain('is already being migrated by workflow');
    const { output } = await byCli;
    const { result } = JSON.parse(output) as { result: MigrateInstanceResult };
    const { sent, failed, firstFailures } = await traffic.stop();
    expect(result).toMatchObject({ kind: 'Completed', zone: 'us-east-1b', shape: 'm7i.large' });
    expect({ failed, firstFailures }).toEqual({ failed: 0, firstFailures: [] });
    expect(sent).toBeGreaterThan(500);
    expect(await live.leftSince(before, result)).toEqual([]);
  }, A_WHOLE_MIGRATION_MS);

  it('by blocks, with replies of it lost, gives the shadow what the source wrote meanwhile, and carries no more than that', async () => {
    for (const operation of ['ebs:StartSnapshot', 'ebs:PutSnapshotBlock', 'ebs:CompleteSnapshot']) await live.control('POST', '/_local/faults', { kind: 'dropAfter', operation, times: 1 });
    const before = await live.inventory();
    const seq = await live.lastCall();
    const traffic = live.traffic();
    const instanceId = live.instance('api-2');
    const handle = await live.start({ instanceId, sync: 'blocks', ...FAST });
    await live.until(handle, 'the shadow', (status) => status.shadowId !== null);
    await handle.signal('pause');
    await writeToData(live, instanceId, WRITTEN_BYTES);
    await handle.signal('resume');
    const result = (await handle.result()) as MigrateInstanceResult;
    const { failed, firstFailures } = await traffic.stop();
    expect(result).toMatchObject({ kind: 'Completed' });
    expect({ failed, firstFailures }).toEqual({ failed: 0, firstFailures: [] });
    const puts = (await live.callsSince(seq)).filter(({ operation }) => operation === 'PutSnapshotBlock');
    expect(puts.length * BLOCK_BYTES).toBeGreaterThanOrEqual(WRITTEN_BYTES);
    // The listing of the volume's files, and those of which the reply was lost, come to a few blocks more.
    expect(puts.length * BLOCK_BYTES).toBeLessThan(2 * WRITTEN_BYTES);
    expect(await live.leftSince(before, result)).toEqual([]);
  }, A_WHOLE_MIGRATION_MS);

  it('aborted in the ramp goes back: the source serves, nothing is left, no request fails', async () => {
    const before = await live.inventory();
    const traffic = live.traffic();
    const instanceId = live.instance('api-1');
    const handle = await live.start({ instanceId, rampStepsPercent: [50, 100], rampStepMs: 8_000 });
    await live.until(handle, 'the first step', (status) => status.shadowPercent === 50);
    await handle.executeUpdate('abort', { args: [{ reason: 'a change freeze began' }] });
    const result = (await handle.result()) as MigrateInstanceResult;
    const { failed, firstFailures } = await traffic.stop();
    expect(result).toMatchObject({ kind: 'RolledBack', phase: 'ramp', reasons: ['a change freeze began'] });
    expect({ failed, firstFailures }).toEqual({ failed: 0, firstFailures: [] });
    expect(await live.leftSince(before, result)).toEqual([]);
  }, A_WHOLE_MIGRATION_MS);

  it('to another region finds the network with the same tag there, and groups and key of the same names', async () => {
    const west = live.otherRegion();
    const { createNetworks } = built<typeof import('../../src/adapters/aws/networks')>('src/adapters/aws/networks');
    const made = [];
    for (const { ec2 } of [live.aws, west.aws]) {
      const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.9.0.0/16', TagSpecifications: [{ ResourceType: 'vpc', Tags: [{ Key: 'foreshift:vpc', Value: 'shop' }] }] }));
      const { GroupId = '' } = await ec2.send(new CreateSecurityGroupCommand({ GroupName: 'shop-web', Description: 'web', VpcId: Vpc?.VpcId }));
      await ec2.send(new CreateKeyPairCommand({ KeyName: 'ada' }));
      made.push({ vpcId: Vpc?.VpcId ?? '', groupId: GroupId });
    }
    const [here, there] = made;
    const names = { ...(await createNetworks(live.aws.ec2).namesOf(here?.vpcId ?? '', [here?.groupId ?? ''])), keyName: 'ada' };
    expect(names).toMatchObject({ tags: { 'foreshift:vpc': 'shop' }, groupNames: ['shop-web'] });
    expect(matchNetwork(names, await createNetworks(west.aws.ec2).candidates(names))).toMatchObject({ vpcId: there?.vpcId, securityGroupIds: [there?.groupId], keyName: 'ada' });
    const { keyNames, groups } = await createNetworks(west.aws.ec2).candidates({ groupNames: ['nobody'], keyName: 'nobody' });
    expect(keyNames).toEqual([]);
    expect(new Set(groups.map(({ name }) => name))).toEqual(new Set(['default']));
  });

  it('to another region, with replies lost in both, is refused behind a balancer; else the replacement there has what the source wrote, and nothing is left in either', async () => {
    const west = live.otherRegion();
    const instanceId = live.instance('web-2');
    const move = { instanceId, region: west.region, sync: 'blocks', ...FAST } as const;
    expect(await live.migrate(move)).toMatchObject({ kind: 'Refused', reasons: [expect.stringContaining('a load balancer serves its own region only')] });
    await live.aws.elb.send(new DeregisterTargetsCommand({ TargetGroupArn: live.fleet.targetGroups.web, Targets: [{ Id: instanceId }] }));
    for (const [endpoint, operation] of [[live.stack.info.awsEndpoint, 'ec2:CreateImage'], ...['ec2:CopyImage', 'ec2:RunInstances', 'ebs:StartSnapshot'].map((one) => [west.endpoint, one])]) {
      await control(endpoint ?? '', 'POST', '/_local/faults', { kind: 'dropAfter', operation, times: 1 });
    }
    const [before, beforeWest] = [await live.inventory(), await takeInventory(west.endpoint, west.aws.elb)];
    const handle = await live.start(move);
    await live.until(handle, 'the shadow', (status) => status.shadowId !== null);
    await handle.signal('pause');
    await writeToData(live, instanceId, WRITTEN_BYTES);
    const digest = 'sha256sum < "$FORESHIFT_DISKS/sdf/written"';
    const written = await runOn(live.aws, instanceId, digest);
    await handle.signal('resume');
    const result = (await handle.result()) as MigrateInstanceResult;
    if (result.kind !== 'Completed') throw new Error(JSON.stringify(result));
    expect(result).toMatchObject({ region: west.region, zone: expect.stringContaining(west.region) });
    expect(written).toMatch(/^[0-9a-f]{64}/);
    expect(await runOn(west.aws, result.replacementId, digest)).toBe(written);
    const { calls } = await control<{ calls: readonly GatewayCall[] }>(west.endpoint, 'GET', '/_local/calls?since=0');
    expect(calls.filter(({ outcome }) => outcome.startsWith('DroppedAfter')).map(({ operation }) => operation)).toEqual(['CopyImage', 'RunInstances', 'StartSnapshot']);
    expect(leftOver(before, await live.inventory(), [])).toEqual([]);
    expect(leftOver(beforeWest, await takeInventory(west.endpoint, west.aws.elb), [result.replacementId])).toEqual([]);
  }, A_WHOLE_MIGRATION_MS);
});

/** What a page says to type, in its order. */
function recipesOf(page: string): string {
  return [...readFileSync(join(__dirname, '../..', page), 'utf8').matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, lines]) => lines).join('');
}

/** A new file on the instance's data volume, written by the instance itself. */
async function writeToData(live: LiveFleet, instanceId: string, bytes: number): Promise<void> {
  await runOn(live.aws, instanceId, `head -c ${bytes} /dev/urandom > "$FORESHIFT_DISKS/sdf/written"`);
}

async function untilState(live: LiveFleet, instanceId: string, wanted: string): Promise<void> {
  for (let look = 0; look < 200; look += 1) {
    // One that was created a moment ago is not shown yet.
    const answer = await live.aws.ec2.send(new DescribeInstancesCommand({ InstanceIds: [instanceId] })).catch(() => null);
    if (answer?.Reservations?.[0]?.Instances?.[0]?.State?.Name === wanted) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${instanceId} did not become ${wanted}`);
}
