import { setTimeout as sleep } from 'node:timers/promises';
import { CreateAutoScalingGroupCommand, DeleteAutoScalingGroupCommand, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import { CreateLaunchTemplateCommand, DeleteLaunchTemplateCommand, DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { describeHold, describeHoldResult } from '../../../../src/cli/capacity/describe-hold';
import { HOLD_MESSAGES, PRE_ALLOCATE_CAPACITY, type HoldStatus, type PreAllocateInput, type PreAllocateResult } from '../../../../src/contracts/pre-allocate-capacity';
import { capacityWorkflowId } from '../../../../src/contracts/workflow-ids';
import { control } from '../control-client';
import type { ScenarioContext } from '../scenario';
import type { ScenarioOutcome } from '../scenario-outcome';

const GROUP = 'demo-web';
const SHAPE = 'm7i.xlarge';
const ZONES = ['us-east-1a', 'us-east-1b'];
const HELD_WITHIN_MS = 90_000;
const SERVES_MS = 5_000;
const LOOK_EVERY_MS = 500;
const GONE_WITHIN_MS = 20_000;

/** No reservation is to be had: an Auto Scaling group takes one more, spot the rest; both serve while clients keep asking, and both are gone when the hold ends. */
export async function scale({ client, taskQueue, endpoint, aws, fleet, say }: ScenarioContext): Promise<ScenarioOutcome> {
  const violations: string[] = [];
  const launchTemplateId = await createGroup({ aws, fleet });
  for (const zone of ZONES) await control(endpoint, 'PUT', '/_local/pools', { zone, shape: SHAPE, capacity: 0 });
  say(`  no ${SHAPE} is left, and ${GROUP} may have one more m7i.large`);
  const window = [Date.now(), Date.now() + 3_600_000].map((ms) => new Date(ms).toISOString()).join('/');
  const input: PreAllocateInput = {
    pool: 'web',
    window,
    demand: { peak: { vcpus: 3, memoryMiB: 4096 } },
    constraints: { allow: [SHAPE] },
    means: ['reservation', 'auto-scaling', 'launch', 'spot'],
    autoScalingGroup: GROUP,
    refreshMs: 5_000,
    reason: 'the demo',
  };
  const beganMs = Date.now();
  const hold = await client.workflow.start(PRE_ALLOCATE_CAPACITY, { taskQueue, workflowId: capacityWorkflowId(input.pool, window), args: [input], staticSummary: 'Demo: capacity beyond reservations' });
  const look = () => hold.query<HoldStatus>(HOLD_MESSAGES.status);
  let status = await look();
  while (status.held.length < 2 && Date.now() - beganMs < HELD_WITHIN_MS) {
    await sleep(LOOK_EVERY_MS);
    status = await look();
  }
  const heldMs = Date.now() - beganMs;
  for (const line of describeHold(status).split('\n')) say(`  ${line}`);
  const rungs = status.held.map(({ rung }) => rung).join(', ');
  if (rungs !== 'auto-scaling, spot') violations.push(`one of the group and one spot should be held: ${rungs}`);
  await sleep(SERVES_MS);
  await hold.executeUpdate<string, [object]>(HOLD_MESSAGES.release, { args: [{ reason: 'the demo ends' }] });
  const ended = (await hold.result()) as PreAllocateResult;
  for (const line of describeHoldResult(ended).split('\n')) say(`  ${line}`);
  if (ended.kind !== 'Ended') violations.push(`the hold should have ended: ${JSON.stringify(ended)}`);
  const group = (await aws.autoScaling.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [GROUP] }))).AutoScalingGroups?.[0];
  if (group?.DesiredCapacity !== 0 || (group.Tags ?? []).some(({ Key }) => Key?.startsWith('foreshift:raised-by') === true)) violations.push(`${GROUP} should be as it was: ${JSON.stringify(group)}`);
  for (const zone of ZONES) await control(endpoint, 'PUT', '/_local/pools', { zone, shape: SHAPE, capacity: null });
  await removeGroup({ aws }, launchTemplateId);
  return { facts: [`held after ${(heldMs / 1000).toFixed(1)} s: ${rungs}; the group is as it was, the spot instance gone`], meantToStay: [], mayFail: [], violations };
}

/** A group without instances whose instances would serve `web` as the fleet's do. */
async function createGroup({ aws: { ec2, autoScaling }, fleet }: Pick<ScenarioContext, 'aws' | 'fleet'>): Promise<string> {
  const like = fleet.instances.find(({ service }) => service === 'web');
  const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [like?.instanceId ?? ''] }));
  const ImageId = Reservations?.[0]?.Instances?.[0]?.ImageId;
  const UserData = Buffer.from('#!/bin/sh\nSERVICE=web exec "$NODE" service.js\n').toString('base64');
  const template = await ec2.send(new CreateLaunchTemplateCommand({ LaunchTemplateName: GROUP, LaunchTemplateData: { ImageId, InstanceType: 'm7i.large', UserData } }));
  const LaunchTemplateId = template.LaunchTemplate?.LaunchTemplateId ?? '';
  await autoScaling.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: GROUP,
      LaunchTemplate: { LaunchTemplateId, Version: '$Latest' },
      MinSize: 0,
      MaxSize: 1,
      DesiredCapacity: 0,
      AvailabilityZones: ZONES,
      TargetGroupARNs: [fleet.targetGroups.web],
      Tags: [{ Key: 'foreshift:service', Value: 'web', PropagateAtLaunch: true }],
    }),
  );
  return LaunchTemplateId;
}

/** Returns when its instances are gone, too. */
async function removeGroup({ aws: { ec2, autoScaling } }: Pick<ScenarioContext, 'aws'>, LaunchTemplateId: string): Promise<void> {
  await autoScaling.send(new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: GROUP, ForceDelete: true }));
  const giveUpAtMs = Date.now() + GONE_WITHIN_MS;
  const isThere = async (): Promise<boolean> => ((await autoScaling.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [GROUP] }))).AutoScalingGroups ?? []).length > 0;
  while ((await isThere()) && Date.now() < giveUpAtMs) await sleep(LOOK_EVERY_MS);
  await ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateId }));
}
