import { setTimeout as sleep } from 'node:timers/promises';
import { CreateTargetGroupCommand, DescribeTargetHealthCommand, ModifyTargetGroupAttributesCommand, RegisterTargetsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { AwsClients } from '../../../src/adapters/aws/clients';
import { control } from './control-client';

type Elb = AwsClients['elb'];

const READY_WITHIN_MS = 60_000;

/** A target group of instances that are asked for `/health`. Returns its ARN. */
export async function createGroup(elb: Elb, name: string, port: number, vpcId: string | undefined, instanceIds: readonly string[]): Promise<string> {
  const created = await elb.send(
    new CreateTargetGroupCommand({
      Name: name,
      Protocol: 'HTTP',
      Port: port,
      VpcId: vpcId,
      TargetType: 'instance',
      HealthCheckPath: '/health',
      HealthCheckIntervalSeconds: 5,
      HealthCheckTimeoutSeconds: 2,
      HealthyThresholdCount: 2,
      UnhealthyThresholdCount: 2,
    }),
  );
  const arn = created.TargetGroups?.[0]?.TargetGroupArn ?? '';
  await elb.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn: arn, Attributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '30' }] }));
  await elb.send(new RegisterTargetsCommand({ TargetGroupArn: arn, Targets: instanceIds.map((Id) => ({ Id, Port: port })) }));
  return arn;
}

export async function untilHealthy(elb: Elb, groups: readonly string[]): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  for (;;) {
    const answers = await Promise.all(groups.map((TargetGroupArn) => elb.send(new DescribeTargetHealthCommand({ TargetGroupArn }))));
    const states = answers.flatMap((answer) => (answer.TargetHealthDescriptions ?? []).map((target) => target.TargetHealth?.State));
    if (states.length > 0 && states.every((state) => state === 'healthy')) return;
    if (Date.now() > deadline) throw new Error(`the instances did not become healthy: ${states.join(', ')}`);
    await sleep(200);
  }
}

/** Where the balancer listens on this machine, once Envoy has taken over what was configured. */
export async function balancerUrl(endpoint: string, loadBalancerArn: string | undefined): Promise<string> {
  const deadline = Date.now() + READY_WITHIN_MS;
  for (;;) {
    const { applied } = await control<{ applied: boolean }>(endpoint, 'GET', '/_local/balancers/applied');
    const balancers = await control<readonly { url: string | null; loadBalancerArn: string }[]>(endpoint, 'GET', '/_local/balancers');
    const url = balancers.find((one) => one.loadBalancerArn === loadBalancerArn)?.url;
    if (applied && typeof url === 'string') return url;
    if (Date.now() > deadline) throw new Error('the balancer carries no traffic: Envoy does not run');
    await sleep(200);
  }
}
