import { execFile } from 'node:child_process';
import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { CreateAutoScalingGroupCommand, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import { CreateLaunchTemplateCommand, DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { Client, Connection } from '@temporalio/client';
import { createAwsClients, type AwsClients } from '../../../src/adapters/aws/clients';
import { type ForeshiftConfig, environment, readConfig } from '../../../src/contracts/config';
import { SCALE_MESSAGES, SCALE_WORKLOAD, type ScaleWorkloadInput, type ScaleWorkloadResult, type WorkloadStatus } from '../../../src/contracts/scale-workload';
import { workloadWorkflowId } from '../../../src/contracts/workflow-ids';
import { createFleet, type DemoFleet } from '../../local/demo/demo-fleet';
import { startLoad } from '../../local/load/load-generator';
import { startStack, type Stack } from '../../local/supervisor/start-stack';
import { provideTemporal } from '../../local/tools/provision-tools';
import { check } from '../check';

const GROUP = 'bench-web';
const TAG = 'app=web';
const PEAK_IN_MS = 90_000;
const PEAK_MS = 30_000;
const BACK_WITHIN_MS = 120_000;
const USUAL_PER_SECOND = 20;
const PEAK_PER_SECOND = 60;

/** A peak of the calendar is met before it comes, under live traffic, by a workflow that the Temporal CLI started. The exit code is 1 where a target was missed. */
async function main(config: ForeshiftConfig): Promise<void> {
  const stack = await startStack({ name: 'bench-workloads', config, env: { ...environment() }, worker: true, onProgress: () => undefined });
  const connection = await Connection.connect({ address: stack.info.temporalAddress });
  try {
    const aws = createAwsClients({ region: config.awsRegion, endpoint: stack.info.awsEndpoint, credentials: { accessKeyId: 'BENCH', secretAccessKey: 'local-cloud-only' } });
    const fleet = await createFleet(stack.info.awsEndpoint, aws);
    await createGroup(aws, fleet);
    await untilServing(aws, 2);
    const usual = startLoad({ url: fleet.url, path: '/items', ratePerSecond: USUAL_PER_SECOND, connections: 8 });
    const peakAtMs = Date.now() + PEAK_IN_MS;
    const handle = new Client({ connection, namespace: config.temporalNamespace }).workflow.getHandle(await startByCli(stack, config, requestOf(peakAtMs)));
    await sleep(peakAtMs - Date.now());
    const served = await serving(aws);
    const peak = startLoad({ url: fleet.url, path: '/items', ratePerSecond: PEAK_PER_SECOND, connections: 16 });
    await sleep(PEAK_MS);
    const peakSum = await peak.stop();
    let status = await handle.query<WorkloadStatus>(SCALE_MESSAGES.status);
    for (const giveUpAtMs = Date.now() + BACK_WITHIN_MS; status.changes.length < 2 && Date.now() < giveUpAtMs; await sleep(500)) status = await handle.query<WorkloadStatus>(SCALE_MESSAGES.status);
    await untilServing(aws, 2);
    const usualSum = await usual.stop();
    await handle.executeUpdate(SCALE_MESSAGES.stop, { args: [{ reason: 'the bench ends' }] });
    const result = (await handle.result()) as ScaleWorkloadResult;
    for (const { atMs, servedAtMs, from, to, cause, outcome } of result.changes) console.log(`${((atMs - peakAtMs) / 1_000).toFixed(1)} s: ${from} -> ${to}, ${cause}: ${outcome}${servedAtMs === null ? '' : `, served at ${((servedAtMs - peakAtMs) / 1_000).toFixed(1)} s`}`);
    const [up, down] = result.changes;
    check(`${served} members served when the peak began; target 4`, served === 4);
    check(`what was added served ${(((peakAtMs - (up?.servedAtMs ?? Infinity))) / 1_000).toFixed(1)} s before the peak; target more than 0`, (up?.servedAtMs ?? Infinity) < peakAtMs);
    check(`${usualSum.failed + peakSum.failed} of ${usualSum.sent + peakSum.sent} requests failed; target 0`, usualSum.failed + peakSum.failed === 0 && peakSum.sent > 0);
    check(`taken back ${down === undefined ? 'never' : `${((down.atMs - peakAtMs - PEAK_MS) / 1_000).toFixed(1)} s after the peak`}; target after it, and within ${BACK_WITHIN_MS / 1_000} s`, down !== undefined && down.atMs >= peakAtMs + PEAK_MS);
    check(`ended as ${result.outcome}, ${result.left.length} left over; target Stopped, 0`, result.outcome === 'Stopped' && result.left.length === 0);
    console.log(`load average at the end: ${loadavg()[0]?.toFixed(1) ?? ''}`);
  } finally {
    await connection.close();
    await stack.stop();
  }
}

function requestOf(peakAtMs: number): ScaleWorkloadInput {
  const events = [{ name: 'sale', kind: 'campaign', start: new Date(peakAtMs).toISOString(), end: new Date(peakAtMs + PEAK_MS).toISOString() }];
  return {
    tag: TAG,
    by: { kind: 'group', autoScalingGroup: GROUP },
    mode: 'act',
    everyMs: 2_000,
    policy: { leadMs: 60_000, cooldownMs: 10_000, calmLooks: 2, usdPerOverloadedMinute: 1 },
    calendar: { events: JSON.stringify(events) },
  };
}

async function startByCli({ info }: Stack, config: ForeshiftConfig, input: ScaleWorkloadInput): Promise<string> {
  const workflowId = workloadWorkflowId(input.tag);
  const { path } = await provideTemporal({ ...config, env: { ...environment() } });
  const args = ['workflow', 'start', '--address', info.temporalAddress, '--namespace', config.temporalNamespace, '--task-queue', config.taskQueue, '--type', SCALE_WORKLOAD, '--workflow-id', workflowId, '--input', JSON.stringify(input)];
  await promisify(execFile)(path, args);
  return workflowId;
}

async function createGroup({ ec2, autoScaling }: AwsClients, fleet: DemoFleet): Promise<void> {
  const like = fleet.instances.find(({ service }) => service === 'web');
  const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [like?.instanceId ?? ''] }));
  const UserData = Buffer.from('#!/bin/sh\nSERVICE=web exec "$NODE" service.js\n').toString('base64');
  const template = await ec2.send(new CreateLaunchTemplateCommand({ LaunchTemplateName: GROUP, LaunchTemplateData: { ImageId: Reservations?.[0]?.Instances?.[0]?.ImageId, InstanceType: 'm7i.large', UserData } }));
  await autoScaling.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: GROUP,
      LaunchTemplate: { LaunchTemplateId: template.LaunchTemplate?.LaunchTemplateId, Version: '$Latest' },
      MinSize: 1,
      MaxSize: 6,
      DesiredCapacity: 2,
      AvailabilityZones: ['a', 'b'].map((letter) => `${like?.zone.slice(0, -1) ?? ''}${letter}`),
      TargetGroupARNs: [fleet.targetGroups.web],
      Tags: [{ Key: 'app', Value: 'web', PropagateAtLaunch: true }],
    }),
  );
}

async function serving({ autoScaling }: AwsClients): Promise<number> {
  const { AutoScalingGroups } = await autoScaling.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [GROUP] }));
  return (AutoScalingGroups?.[0]?.Instances ?? []).filter(({ LifecycleState }) => LifecycleState === 'InService').length;
}

async function untilServing(aws: AwsClients, count: number): Promise<void> {
  for (const giveUpAtMs = Date.now() + BACK_WITHIN_MS; (await serving(aws)) !== count; await sleep(500)) if (Date.now() >= giveUpAtMs) throw new Error(`${GROUP} does not come to ${count} members`);
}

void main(readConfig());
