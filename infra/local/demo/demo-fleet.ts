import { DescribeSubnetsCommand } from '@aws-sdk/client-ec2';
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { join } from 'node:path';
import type { AwsClients } from '../../../src/adapters/aws/clients';
import { balancerUrl, createGroup, untilHealthy } from './behind-balancer';
import { control } from './control-client';
import { launchInstance } from './launch-instance';

export const SERVICES = ['web', 'api'] as const;
export type Service = (typeof SERVICES)[number];

export interface FleetInstance {
  readonly instanceId: string;
  readonly name: string;
  readonly service: Service;
  readonly zone: string;
}

export interface DemoFleet {
  readonly instances: readonly FleetInstance[];
  /** Where the balancer listens on this machine. */
  readonly url: string;
  readonly targetGroups: Readonly<Record<Service, string>>;
}

const PORT = 8080;

/** Two services of three instances in two zones of the clients' region behind one load balancer, built with the AWS API alone. */
export async function createFleet(endpoint: string, { ec2, elb }: AwsClients): Promise<DemoFleet> {
  const region = await ec2.config.region();
  const zones = [`${region}a`, `${region}b`];
  const directory = join(__dirname, 'service');
  const { imageId } = await control<{ imageId: string }>(endpoint, 'POST', '/_local/images', { name: 'demo-service', directory });
  const subnets = (await ec2.send(new DescribeSubnetsCommand({}))).Subnets ?? [];
  const inZone = (zone: string) => subnets.find((subnet) => subnet.AvailabilityZone === zone);
  const vpcId = inZone(zones[0] ?? '')?.VpcId;

  const instances = await Promise.all(
    SERVICES.flatMap((service) =>
      [0, 1, 2].map(async (i): Promise<FleetInstance> => {
        const zone = zones[i % zones.length] ?? '';
        const name = `${service}-${i + 1}`;
        const tags = { Name: name, 'foreshift:service': service, 'foreshift:fleet': 'demo', 'foreshift:probe': '/digest' };
        const userData = `#!/bin/sh\nSERVICE=${service} exec "$NODE" service.js\n`;
        const instanceId = await launchInstance(ec2, { imageId, subnet: inZone(zone), userData, tags });
        return { instanceId, name, service, zone };
      }),
    ),
  );

  const balancer = await elb.send(new CreateLoadBalancerCommand({ Name: 'demo', Subnets: zones.map((zone) => inZone(zone)?.SubnetId ?? ''), Type: 'application' }));
  const groups: Record<string, string> = {};
  for (const service of SERVICES) {
    const ids = instances.filter((instance) => instance.service === service).map(({ instanceId }) => instanceId);
    groups[service] = await createGroup(elb, `demo-${service}`, PORT, vpcId, ids);
  }
  const targetGroups = groups as Record<Service, string>;
  const listener = await elb.send(
    new CreateListenerCommand({
      LoadBalancerArn: balancer.LoadBalancers?.[0]?.LoadBalancerArn,
      Port: 80,
      Protocol: 'HTTP',
      DefaultActions: [{ Type: 'forward', TargetGroupArn: targetGroups.web }],
    }),
  );
  await elb.send(
    new CreateRuleCommand({
      ListenerArn: listener.Listeners?.[0]?.ListenerArn,
      Priority: 10,
      Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/api/*'] } }],
      Actions: [{ Type: 'forward', TargetGroupArn: targetGroups.api }],
    }),
  );
  await untilHealthy(elb, Object.values(targetGroups));
  return { instances, targetGroups, url: await balancerUrl(endpoint, balancer.LoadBalancers?.[0]?.LoadBalancerArn) };
}
