import { DescribeTagsCommand, DescribeTargetHealthCommand, paginateDescribeListeners, paginateDescribeRules, paginateDescribeTargetGroups } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ElasticLoadBalancingV2Client, TargetGroup } from '@aws-sdk/client-elastic-load-balancing-v2';
import { OWNER_TAG, ROLE_TAG, RUN_TAG } from '../../contracts/workflow-ids';
import type { GroupSight, RouteSight, TrafficSight } from '../../domain/recovery/traffic-sight';
import { forwardOf } from './forward-action';
import { tagRecord } from './ownership';
import { callAws } from './translate-error';

/** DescribeTags takes at most 20 resources. */
const TAGS_A_CALL = 20;
/** One call a group: so many at once stay far below ELBv2's rate. */
const GROUPS_AT_ONCE = 8;

type OwnerTags = Pick<GroupSight, 'owner' | 'runId' | 'role'>;

/** Target groups of instances, and the listeners and rules of their load balancers. */
export function readTraffic(elb: ElasticLoadBalancingV2Client): Promise<TrafficSight> {
  return callAws('read what the load balancers lead requests by', async () => {
    const groups = await readGroups(elb);
    const balancers = [...new Set(groups.flatMap(({ loadBalancerArn }) => loadBalancerArn ?? []))];
    return { groups, routes: (await Promise.all(balancers.map((arn) => readRoutes(elb, arn)))).flat() };
  });
}

async function readGroups(elb: ElasticLoadBalancingV2Client): Promise<GroupSight[]> {
  const found: TargetGroup[] = [];
  for await (const page of paginateDescribeTargetGroups({ client: elb }, {})) found.push(...(page.TargetGroups ?? []).filter(({ TargetType }) => TargetType === 'instance'));
  const tags = await ownerTagsOf(elb, found.flatMap(({ TargetGroupArn }) => TargetGroupArn ?? []));
  const sights: GroupSight[] = [];
  for (let at = 0; at < found.length; at += GROUPS_AT_ONCE) {
    const some = found.slice(at, at + GROUPS_AT_ONCE);
    sights.push(...(await Promise.all(some.map(async ({ TargetGroupArn = '', TargetGroupName = '', LoadBalancerArns }) => {
      const { TargetHealthDescriptions = [] } = await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn }));
      const members = TargetHealthDescriptions.map(({ Target, TargetHealth }) => ({ instanceId: Target?.Id ?? '', port: Target?.Port ?? 0, state: TargetHealth?.State ?? 'unknown' }));
      return { targetGroupArn: TargetGroupArn, name: TargetGroupName, loadBalancerArn: LoadBalancerArns?.[0] ?? null, ...(tags.get(TargetGroupArn) ?? NOBODYS), members };
    }))));
  }
  return sights;
}

const NOBODYS: OwnerTags = { owner: null, runId: null, role: null };

async function readRoutes(elb: ElasticLoadBalancingV2Client, loadBalancerArn: string): Promise<RouteSight[]> {
  const routes: RouteSight[] = [];
  for await (const { Listeners = [] } of paginateDescribeListeners({ client: elb }, { LoadBalancerArn: loadBalancerArn })) {
    for (const { ListenerArn: arn = '', DefaultActions = [] } of Listeners) {
      routes.push({ kind: 'listener', arn, ...NOBODYS, forward: forwardOf(DefaultActions) });
      for await (const { Rules = [] } of paginateDescribeRules({ client: elb }, { ListenerArn: arn })) {
        // The default rule is the listener's own action.
        for (const { RuleArn = '', IsDefault, Actions = [] } of Rules) if (IsDefault !== true) routes.push({ kind: 'rule', arn: RuleArn, ...NOBODYS, forward: forwardOf(Actions) });
      }
    }
  }
  const tags = await ownerTagsOf(elb, routes.flatMap(({ kind, arn }) => (kind === 'rule' ? arn : [])));
  return routes.map((route) => ({ ...route, ...tags.get(route.arn) }));
}

async function ownerTagsOf(elb: ElasticLoadBalancingV2Client, arns: readonly string[]): Promise<ReadonlyMap<string, OwnerTags>> {
  const found = new Map<string, OwnerTags>();
  for (let at = 0; at < arns.length; at += TAGS_A_CALL) {
    const { TagDescriptions = [] } = await elb.send(new DescribeTagsCommand({ ResourceArns: arns.slice(at, at + TAGS_A_CALL) }));
    for (const { ResourceArn = '', Tags } of TagDescriptions) {
      const tags = tagRecord(Tags);
      found.set(ResourceArn, { owner: tags[OWNER_TAG] ?? null, runId: tags[RUN_TAG] ?? null, role: tags[ROLE_TAG] ?? null });
    }
  }
  return found;
}
