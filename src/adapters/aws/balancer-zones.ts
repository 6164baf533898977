import { DescribeLoadBalancersCommand, DescribeTargetGroupsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { callAws } from './translate-error';

/** Zones that every load balancer of these groups serves; null where no load balancer uses any of them. */
export async function balancerZones(elb: ElasticLoadBalancingV2Client, targetGroupArns: readonly string[]): Promise<string[] | null> {
  const groups = await callAws('read target groups', () => elb.send(new DescribeTargetGroupsCommand({ TargetGroupArns: [...targetGroupArns] })));
  const arns = [...new Set((groups.TargetGroups ?? []).flatMap(({ LoadBalancerArns }) => LoadBalancerArns ?? []))];
  if (arns.length === 0) return null;
  const answer = await callAws('read load balancers', () => elb.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: arns })));
  const served = (answer.LoadBalancers ?? []).map(({ AvailabilityZones }) => (AvailabilityZones ?? []).flatMap(({ ZoneName }) => ZoneName ?? []));
  return (served[0] ?? []).filter((zone) => served.every((zones) => zones.includes(zone)));
}
