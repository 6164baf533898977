import { DescribeListenersCommand, DescribeRulesCommand, DescribeTargetHealthCommand, TargetGroupNotFoundException, paginateDescribeTargetGroups } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ElasticLoadBalancingV2Client, TargetGroup, TargetHealthDescription } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { TargetGroup as GroupMembers } from '../../activities/balancer-port';
import type { TrafficBinding, TrafficRoute } from '../../domain/source-snapshot';
import { forwardOf } from './forward-action';
import { callAws } from './translate-error';

/** One call a group: so many at once stay far below ELBv2's rate. */
const GROUPS_AT_ONCE = 8;

/** Every target group of instances with the state of each. */
export async function readGroups(elb: ElasticLoadBalancingV2Client): Promise<GroupMembers[]> {
  return callAws('read the target groups', async () => {
    const found: GroupMembers[] = [];
    for await (const page of paginateDescribeTargetGroups({ client: elb }, {})) {
      const groups = (page.TargetGroups ?? []).filter(({ TargetType }) => TargetType === 'instance');
      for (let at = 0; at < groups.length; at += GROUPS_AT_ONCE) found.push(...(await Promise.all(groups.slice(at, at + GROUPS_AT_ONCE).map((group) => membersOf(elb, group)))));
    }
    return found;
  });
}

async function membersOf(elb: ElasticLoadBalancingV2Client, { TargetGroupArn, TargetGroupName = '' }: TargetGroup): Promise<GroupMembers> {
  const targets = await targetsOf(elb, TargetGroupArn);
  return { name: TargetGroupName, members: targets.map(({ Target, TargetHealth }) => ({ instanceId: Target?.Id ?? '', state: TargetHealth?.State ?? 'unknown' })) };
}

/** Finds the target groups that list the instance, and the listeners and rules that forward to them. */
export async function findBindings(elb: ElasticLoadBalancingV2Client, instanceId: string): Promise<TrafficBinding[]> {
  return callAws(`find the target groups of ${instanceId}`, async () => {
    const bindings: TrafficBinding[] = [];
    for await (const { group, own, targets } of listingsOf(elb, instanceId)) {
      if (own.TargetHealth?.State !== 'draining') bindings.push(await bindingOf(elb, group, own, targets, instanceId));
    }
    return bindings;
  });
}

/** Finds the target groups that list the instance, also those in which its last requests end. */
export async function findListings(elb: ElasticLoadBalancingV2Client, instanceId: string): Promise<{ readonly targetGroupArn: string; readonly port: number }[]> {
  return callAws(`find the target groups of ${instanceId}`, async () => {
    const listings: { targetGroupArn: string; port: number }[] = [];
    for await (const { group, own } of listingsOf(elb, instanceId)) listings.push({ targetGroupArn: group.TargetGroupArn ?? '', port: own.Target?.Port ?? group.Port ?? 0 });
    return listings;
  });
}

interface Listing {
  readonly group: TargetGroup;
  readonly own: TargetHealthDescription;
  readonly targets: readonly TargetHealthDescription[];
}

async function* listingsOf(elb: ElasticLoadBalancingV2Client, instanceId: string): AsyncGenerator<Listing> {
  for await (const page of paginateDescribeTargetGroups({ client: elb }, {})) {
    for (const group of page.TargetGroups ?? []) {
      if (group.TargetType !== 'instance') continue;
      const targets = await targetsOf(elb, group.TargetGroupArn);
      const own = targets.find((target) => target.Target?.Id === instanceId);
      if (own !== undefined) yield { group, own, targets };
    }
  }
}

/** A group that was deleted since it was listed, as those of other moves are, has none. */
async function targetsOf(elb: ElasticLoadBalancingV2Client, targetGroupArn: string | undefined): Promise<readonly TargetHealthDescription[]> {
  try {
    return (await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn }))).TargetHealthDescriptions ?? [];
  } catch (error) {
    if (error instanceof TargetGroupNotFoundException) return [];
    throw error;
  }
}

async function bindingOf(
  elb: ElasticLoadBalancingV2Client,
  group: TargetGroup,
  own: TargetHealthDescription,
  targets: readonly TargetHealthDescription[],
  instanceId: string,
): Promise<TrafficBinding> {
  const arn = group.TargetGroupArn ?? '';
  const loadBalancerArn = group.LoadBalancerArns?.[0] ?? '';
  return {
    targetGroupArn: arn,
    targetGroupName: group.TargetGroupName ?? '',
    loadBalancerArn,
    port: own.Target?.Port ?? group.Port ?? 0,
    healthyOthers: targets.filter((target) => target.Target?.Id !== instanceId && target.TargetHealth?.State === 'healthy').length,
    routes: loadBalancerArn === '' ? [] : await routesTo(elb, loadBalancerArn, arn),
  };
}

async function routesTo(elb: ElasticLoadBalancingV2Client, loadBalancerArn: string, targetGroupArn: string): Promise<TrafficRoute[]> {
  const routes: TrafficRoute[] = [];
  const leadsHere = (route: TrafficRoute): boolean => route.forward.some((target) => target.targetGroupArn === targetGroupArn);
  const listeners = await elb.send(new DescribeListenersCommand({ LoadBalancerArn: loadBalancerArn }));
  for (const listener of listeners.Listeners ?? []) {
    const route: TrafficRoute = { kind: 'listener', arn: listener.ListenerArn ?? '', forward: forwardOf(listener.DefaultActions ?? []) };
    if (leadsHere(route)) routes.push(route);
    const rules = await elb.send(new DescribeRulesCommand({ ListenerArn: listener.ListenerArn }));
    for (const rule of rules.Rules ?? []) {
      // The default rule is the listener's own action.
      if (rule.IsDefault === true) continue;
      const ruleRoute: TrafficRoute = { kind: 'rule', arn: rule.RuleArn ?? '', forward: forwardOf(rule.Actions ?? []) };
      if (leadsHere(ruleRoute)) routes.push(ruleRoute);
    }
  }
  return routes;
}
