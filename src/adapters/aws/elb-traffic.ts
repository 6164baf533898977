import { DescribeListenersCommand, DescribeRulesCommand, DescribeTargetGroupAttributesCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { BalancerPort } from '../../activities/balancer-port';
import type { MemberTraffic, TrafficAdapter } from '../../activities/traffic-adapter-port';
import { businessFailure, retryableFailure } from '../../contracts/errors';
import type { RouteWeights } from '../../contracts/migration-activities';
import { callAws } from './translate-error';

/** ELBv2 as a traffic adapter: a route is a listener or a rule by its ARN, a member a target group of its forward action. */
export function createElbTraffic(balancer: BalancerPort, elb: ElasticLoadBalancingV2Client): TrafficAdapter {
  const weigh = async (route: string, weights: Readonly<Record<string, number>>): Promise<void> => {
    const forward = await balancer.readForward(routeOf(route));
    const unknown = Object.keys(weights).find((arn) => !forward.some(({ targetGroupArn }) => targetGroupArn === arn));
    if (unknown !== undefined) throw businessFailure('NotFound', `${route} does not forward to ${unknown}`);
    const wanted = forward.map(({ targetGroupArn, weight }) => ({ targetGroupArn, weight: weights[targetGroupArn] ?? weight }));
    await balancer.setForward({ ...routeOf(route), forward: wanted });
  };
  return {
    async members(route) {
      const forward = await balancer.readForward(routeOf(route));
      if (forward.length === 0) throw businessFailure('NotFound', `${route} forwards to no target group`);
      const found: MemberTraffic[] = [];
      for (const { targetGroupArn, weight } of forward) found.push({ memberId: targetGroupArn, weight, ...(await stateOf(balancer, targetGroupArn)), waiting: null });
      return found;
    },
    weigh,
    async drain(route, memberId) {
      const others = (await balancer.readForward(routeOf(route))).filter(({ targetGroupArn }) => targetGroupArn !== memberId);
      // What every weight at 0 does is not documented.
      if (others.every(({ weight }) => weight === 0)) throw businessFailure('Conflict', `${memberId} is all that ${route} leads to`);
      await weigh(route, { [memberId]: 0 });
    },
    resume: (route, memberId, weight) => weigh(route, { [memberId]: weight }),
    async stickiness(route) {
      const { kind, arn } = routeOf(route);
      const byGroups = await callAws(`read ${arn}`, async () => {
        const actions = kind === 'listener' ? (await elb.send(new DescribeListenersCommand({ ListenerArns: [arn] }))).Listeners?.[0]?.DefaultActions : (await elb.send(new DescribeRulesCommand({ RuleArns: [arn] }))).Rules?.[0]?.Actions;
        return actions?.some(({ ForwardConfig }) => ForwardConfig?.TargetGroupStickinessConfig?.Enabled === true) ?? false;
      });
      const groups = byGroups ? [] : await balancer.readForward({ kind, arn });
      const byTargets = await Promise.all(groups.map(({ targetGroupArn }) => sticksToTargets(elb, targetGroupArn)));
      return { kind: byGroups || byTargets.includes(true) ? 'cookie' : 'none', sessions: null };
    },
    async follow(_route, targetGroupArn, { host, port }) {
      await balancer.register(targetGroupArn, host, port);
      const health = await balancer.health(targetGroupArn, host);
      if (health?.state !== 'healthy') throw retryableFailure('NotReadyYet', `${host} is ${health?.state ?? 'not registered yet'}: ${health?.reason ?? ''}`);
      for (const target of await balancer.targets(targetGroupArn)) if (target.instanceId !== host) await balancer.deregister(targetGroupArn, target.instanceId, target.port);
    },
  };
}

/** ELBv2 does not count what is in flight: only a group without targets has none for sure. */
async function stateOf(balancer: BalancerPort, targetGroupArn: string): Promise<Pick<MemberTraffic, 'state' | 'inFlight'>> {
  const states: string[] = [];
  for (const { instanceId } of await balancer.targets(targetGroupArn)) states.push((await balancer.health(targetGroupArn, instanceId))?.state ?? 'unused');
  if (states.every((state) => state === 'unused')) return { state: 'down', inFlight: 0 };
  if (states.includes('healthy')) return { state: 'ready', inFlight: null };
  return { state: states.includes('draining') ? 'draining' : 'down', inFlight: null };
}

async function sticksToTargets(elb: ElasticLoadBalancingV2Client, targetGroupArn: string): Promise<boolean> {
  const { Attributes = [] } = await callAws('read the attributes of a target group', () => elb.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn: targetGroupArn })));
  return Attributes.some(({ Key, Value }) => Key === 'stickiness.enabled' && Value === 'true');
}

function routeOf(arn: string): Pick<RouteWeights, 'kind' | 'arn'> {
  return { kind: arn.includes(':listener-rule/') ? 'rule' : 'listener', arn };
}
