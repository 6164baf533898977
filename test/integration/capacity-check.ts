import { setTimeout as sleep } from 'node:timers/promises';
import { DescribeInstancesCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { DeregisterTargetsCommand, DescribeTargetHealthCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { LiveFleet } from './live-fleet';

const GONE_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 100;

/** Ids of what the cloud says is healthy behind a service, by the balancer's own answer. */
export async function servingTargets(live: LiveFleet, service: 'web' | 'api'): Promise<string[]> {
  const answer = await live.aws.elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: live.fleet.targetGroups[service] }));
  return (answer.TargetHealthDescriptions ?? []).filter(({ TargetHealth }) => TargetHealth?.State === 'healthy').map(({ Target }) => Target?.Id ?? '').toSorted();
}

/** Type and state of an instance, as `m7i.large running`. */
export async function typeAndState(live: LiveFleet, instanceId: string): Promise<string> {
  const answer = await live.aws.ec2.send(new DescribeInstancesCommand({ InstanceIds: [instanceId] }));
  const [instance] = answer.Reservations?.[0]?.Instances ?? [];
  return `${instance?.InstanceType ?? '?'} ${instance?.State?.Name ?? '?'}`;
}

/** Takes instances out of a service, lets their requests end, and ends them, so that the next case begins as this one did. */
export async function removeInstances(live: LiveFleet, service: 'web' | 'api', instanceIds: readonly string[]): Promise<void> {
  if (instanceIds.length === 0) return;
  const TargetGroupArn = live.fleet.targetGroups[service];
  await live.aws.elb.send(new DeregisterTargetsCommand({ TargetGroupArn, Targets: instanceIds.map((Id) => ({ Id, Port: 8080 })) }));
  await until(async () => {
    const { TargetHealthDescriptions = [] } = await live.aws.elb.send(new DescribeTargetHealthCommand({ TargetGroupArn }));
    return !TargetHealthDescriptions.some(({ Target }) => instanceIds.includes(Target?.Id ?? ''));
  });
  await live.aws.ec2.send(new TerminateInstancesCommand({ InstanceIds: [...instanceIds] }));
  await until(async () => (await Promise.all(instanceIds.map((id) => typeAndState(live, id)))).every((state) => state.endsWith('terminated')));
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const giveUpAtMs = Date.now() + GONE_WITHIN_MS;
  while (!(await holds())) {
    if (Date.now() > giveUpAtMs) throw new Error(`it did not come about within ${GONE_WITHIN_MS / 1000} s`);
    await sleep(LOOK_EVERY_MS);
  }
}
