import { join } from 'node:path';
import { DeleteSnapshotCommand, DeregisterImageCommand, DescribeImagesCommand, DescribeSubnetsCommand, TerminateInstancesCommand, waitUntilInstanceTerminated } from '@aws-sdk/client-ec2';
import { CreateListenerCommand, CreateLoadBalancerCommand, DeleteLoadBalancerCommand, DeleteTargetGroupCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { AwsClients } from '../../../../src/adapters/aws/clients';
import { SYNC_TAG } from '../../../../src/domain/sync-strategy';
import { balancerUrl, createGroup, untilHealthy } from '../behind-balancer';
import { control } from '../control-client';
import { launchInstance } from '../launch-instance';
import { STATEFUL_PORTS, STATEFUL_USER_DATA } from './stateful-user-data';

export interface StatefulScene {
  readonly instanceId: string;
  readonly imageId: string;
  readonly targetGroupArn: string;
  readonly loadBalancerArn: string;
  /** Where the balancer listens on this machine. */
  readonly url: string;
}

const TERMINATED_WITHIN_SECONDS = 30;

/** A key-value service on one instance that is to be moved by replication, behind a load balancer, built with the AWS API alone. */
export async function createStatefulScene(endpoint: string, { ec2, elb }: AwsClients, name = 'stateful'): Promise<StatefulScene> {
  const region = await ec2.config.region();
  const zones = [`${region}a`, `${region}b`];
  const [zone] = zones;
  const { imageId } = await control<{ imageId: string }>(endpoint, 'POST', '/_local/images', { name, directory: join(__dirname, 'image') });
  const subnets = (await ec2.send(new DescribeSubnetsCommand({}))).Subnets ?? [];
  const inZone = (wanted: string | undefined) => subnets.find((subnet) => subnet.AvailabilityZone === wanted);
  const tags = { Name: name, 'foreshift:service': name, 'foreshift:fleet': name, [SYNC_TAG]: 'replicate' };
  const instanceId = await launchInstance(ec2, { imageId, subnet: inZone(zone), userData: STATEFUL_USER_DATA, tags });
  const balancer = await elb.send(new CreateLoadBalancerCommand({ Name: name, Subnets: zones.map((one) => inZone(one)?.SubnetId ?? ''), Type: 'application' }));
  const LoadBalancerArn = balancer.LoadBalancers?.[0]?.LoadBalancerArn;
  const targetGroupArn = await createGroup(elb, name, STATEFUL_PORTS.door, inZone(zone)?.VpcId, [instanceId]);
  await elb.send(new CreateListenerCommand({ LoadBalancerArn, Port: 80, Protocol: 'HTTP', DefaultActions: [{ Type: 'forward', TargetGroupArn: targetGroupArn }] }));
  await untilHealthy(elb, [targetGroupArn]);
  return { instanceId, imageId, targetGroupArn, loadBalancerArn: LoadBalancerArn ?? '', url: await balancerUrl(endpoint, LoadBalancerArn) };
}

/** Takes away what was created, and the instance that has the service now. */
export async function removeStatefulScene({ ec2, elb }: AwsClients, { loadBalancerArn, targetGroupArn, imageId }: StatefulScene, instanceId: string): Promise<void> {
  await elb.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: loadBalancerArn }));
  await elb.send(new DeleteTargetGroupCommand({ TargetGroupArn: targetGroupArn }));
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [instanceId] }));
  await waitUntilInstanceTerminated({ client: ec2, maxWaitTime: TERMINATED_WITHIN_SECONDS, minDelay: 1, maxDelay: 2 }, { InstanceIds: [instanceId] });
  const { Images = [] } = await ec2.send(new DescribeImagesCommand({ ImageIds: [imageId] }));
  await ec2.send(new DeregisterImageCommand({ ImageId: imageId }));
  for (const { Ebs } of Images.flatMap(({ BlockDeviceMappings = [] }) => BlockDeviceMappings)) {
    if (Ebs?.SnapshotId !== undefined) await ec2.send(new DeleteSnapshotCommand({ SnapshotId: Ebs.SnapshotId }));
  }
}
