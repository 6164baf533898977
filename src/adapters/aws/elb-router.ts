import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { BalancerPort } from '../../activities/balancer-port';
import type { RequestRouter } from '../../activities/request-router-port';
import { businessFailure, retryableFailure } from '../../contracts/errors';
import type { Owner } from '../../contracts/migration-activities';
import { everyRunOf } from '../../contracts/workflow-ids';
import { groupMembers, type MemberGroup } from '../../domain/routing/group-members';
import type { RoutedService } from '../../domain/routing/routed-service';
import type { ClassRouting, Routing } from '../../domain/routing/routing-recommendation';
import type { WeightedTarget } from '../../domain/source-snapshot';
import { classConditions } from './class-conditions';
import { createElbTraffic } from './elb-traffic';
import { createRule, deleteRule, findOwnedRules, type OwnedRule } from './owned-rules';

type ElbBalancer = Extract<RoutedService['balancer'], { kind: 'elbv2' }>;

/** A forward action takes five groups: the service's own, one without targets for what is turned away, and these. */
const MOST_GROUPS = 3;
/** Of a rule's weights together, so much stands for the members: weights are at most 999. */
const SCALE = 900;
const EMPTY = 'shed';

/**
 * Routing by listener rules before the service's own, one a class, with weighted copies of its target group. The listener's own rules and groups are never changed, so that without these rules all is as it was.
 * What is turned away goes to a group without targets: the balancer answers 503.
 */
export function createElbRouter(balancer: BalancerPort, elb: ElasticLoadBalancingV2Client): RequestRouter {
  const traffic = createElbTraffic(balancer, elb);
  return {
    async steer(owner, service, routing) {
      const { targetGroupArn, port } = balancerOf(service);
      const groups = groupsOf(routing);
      // A rule takes five groups: what a run left that was terminated is used, not made once more.
      const owned = await balancer.findOwnedGroups(everyRunOf(owner.workflowId));
      const groupAs = async (role: string): Promise<string> => named(role, owned) ?? balancer.copyGroup(owner, targetGroupArn, role);
      const arns: string[] = [];
      for (const [i, { memberIds }] of groups.entries()) {
        const arn = await groupAs(roleOf(i));
        arns.push(arn);
        for (const memberId of memberIds) await balancer.register(arn, memberId, port);
      }
      const empty = await groupAs(EMPTY);
      // A group that no rule names is not checked: they stand there with weight 0 before anything is led to them.
      await ensureRules(elb, balancer, owner, service, [...arns, empty]);
      for (const [i, { memberIds }] of groups.entries()) await requireHealthy(balancer, arns[i] ?? '', memberIds);
      const rules = await findOwnedRules(elb, owner, balancerOf(service).listenerArn);
      for (const one of routing.classes) {
        const rule = arnOf(rules, one.name) ?? '';
        await traffic.weigh(rule, wholeForward(await balancer.readForward({ kind: 'rule', arn: rule }), forwardFor(one, groups, arns, empty)));
      }
      // A member that has another group now; what it still answers there ends by the group's own delay.
      for (const [i, { memberIds }] of groups.entries()) {
        for (const target of await balancer.targets(arns[i] ?? '')) if (!memberIds.includes(target.instanceId)) await balancer.deregister(arns[i] ?? '', target.instanceId, target.port);
      }
    },
    async deviations(owner, service, wanted) {
      const { listenerArn, targetGroupArn } = balancerOf(service);
      const rules = await findOwnedRules(elb, owner, listenerArn);
      if (wanted === null) return stillRouted(rules, balancer, targetGroupArn);
      const groups = groupsOf(wanted);
      const owned = await balancer.findOwnedGroups(everyRunOf(owner.workflowId));
      const ownedAs = (role: string): string => named(role, owned) ?? role;
      const arns = groups.map((_, i) => ownedAs(roleOf(i)));
      const wrong: string[] = [];
      for (const one of wanted.classes) {
        const arn = arnOf(rules, one.name);
        const served = arn === undefined ? [] : await balancer.readForward({ kind: 'rule', arn });
        for (const [group, weight] of Object.entries(wholeForward(served, forwardFor(one, groups, arns, ownedAs(EMPTY))))) {
          const found = served.find((target) => target.targetGroupArn === group)?.weight;
          if (found !== weight) wrong.push(`${one.name}: ${nameIn(group)} ${found === undefined ? 'is not there' : `has weight ${found}, not ${weight}`}`);
        }
      }
      for (const [i, { memberIds }] of groups.entries()) {
        const there = owned.includes(arns[i] ?? '') ? (await balancer.targets(arns[i] ?? '')).map(({ instanceId }) => instanceId) : [];
        wrong.push(...memberIds.filter((memberId) => !there.includes(memberId)).map((memberId) => `${memberId} is not in ${nameIn(arns[i] ?? '')}`));
      }
      return wrong;
    },
    async release(owner, service) {
      const { listenerArn, targetGroupArn } = balancerOf(service);
      for (const { arn } of await findOwnedRules(elb, owner, listenerArn)) {
        const forward = await balancer.readForward({ kind: 'rule', arn });
        await traffic.weigh(arn, Object.fromEntries(forward.map((target) => [target.targetGroupArn, target.targetGroupArn === targetGroupArn ? SCALE : 0])));
      }
    },
    async clear(owner, service) {
      const groups = await balancer.findOwnedGroups(everyRunOf(owner.workflowId));
      for (const group of groups) for (const target of await balancer.targets(group)) await balancer.deregister(group, target.instanceId, target.port);
      for (const group of groups) {
        for (const { instanceId } of await balancer.targets(group)) {
          const state = (await balancer.health(group, instanceId))?.state ?? 'unused';
          // The rules stay until then: a group that none names drains nothing, and what it answers is cut off.
          if (state !== 'unused') throw retryableFailure('NotReadyYet', `${instanceId} is still ${state} in ${nameIn(group)}`);
        }
      }
      for (const { arn } of await findOwnedRules(elb, owner, balancerOf(service).listenerArn)) await deleteRule(elb, arn);
      for (const group of groups) await balancer.deleteGroup(group);
    },
    load: async () => ({ inFlight: null, waiting: null }),
    follow: async () => {
      throw businessFailure('InvalidInput', 'members of ELBv2 are instances; a migration puts the new one into the old one\'s place by itself');
    },
  };
}

function named(role: string, groups: readonly string[]): string | undefined {
  return groups.find((arn) => nameIn(arn).startsWith(`fs-${role}-`));
}

function arnOf(rules: readonly OwnedRule[], className: string): string | undefined {
  return rules.find(({ role }) => role === className)?.arn;
}

/** One rule a class, each with all groups: the service's own takes everything until weights say otherwise. */
async function ensureRules(elb: ElasticLoadBalancingV2Client, balancer: BalancerPort, owner: Owner, service: RoutedService, groups: readonly string[]): Promise<void> {
  const { listenerArn, targetGroupArn, firstPriority } = balancerOf(service);
  const rules = await findOwnedRules(elb, owner, listenerArn);
  const own: WeightedTarget = { targetGroupArn, weight: SCALE };
  for (const [i, one] of service.classes.entries()) {
    const arn = arnOf(rules, one.name);
    const served = arn === undefined ? [own] : await balancer.readForward({ kind: 'rule', arn });
    const forward = [...served, ...groups.filter((group) => !served.some((target) => target.targetGroupArn === group)).map((group) => ({ targetGroupArn: group, weight: 0 }))];
    if (arn === undefined) await createRule(elb, owner, one.name, { listenerArn, priority: firstPriority + i, conditions: classConditions(one), forward });
    else if (forward.length > served.length) await balancer.setForward({ kind: 'rule', arn, forward });
  }
}

async function requireHealthy(balancer: BalancerPort, targetGroupArn: string, memberIds: readonly string[]): Promise<void> {
  for (const memberId of memberIds) {
    const health = await balancer.health(targetGroupArn, memberId);
    if (health?.state !== 'healthy') throw retryableFailure('NotReadyYet', `${memberId} is ${health?.state ?? 'not registered yet'} in ${nameIn(targetGroupArn)}: ${health?.reason ?? ''}`);
  }
}

/** A class's weights by target group; a group weighs what its members do together. */
function forwardFor({ name, shedRatio }: ClassRouting, groups: readonly MemberGroup[], arns: readonly string[], empty: string): Record<string, number> {
  const parts = groups.map(({ memberIds, weights }) => memberIds.length * (weights[name] ?? 0));
  const sum = parts.reduce((all, part) => all + part, 0);
  const served = Object.fromEntries(parts.map((part, i) => [arns[i] ?? '', part === 0 ? 0 : Math.max(1, Math.round((SCALE * (1 - shedRatio) * part) / sum))]));
  return { ...served, [empty]: Math.round(SCALE * shedRatio) };
}

/** What is not named gets nothing: the service's own group, and groups of an earlier recommendation. */
function wholeForward(served: readonly WeightedTarget[], wanted: Readonly<Record<string, number>>): Record<string, number> {
  return { ...Object.fromEntries(served.map(({ targetGroupArn }) => [targetGroupArn, 0])), ...wanted };
}

async function stillRouted(rules: readonly OwnedRule[], balancer: BalancerPort, own: string): Promise<string[]> {
  const wrong: string[] = [];
  for (const { role: name, arn } of rules) {
    for (const { targetGroupArn, weight } of await balancer.readForward({ kind: 'rule', arn })) if (weight > 0 && targetGroupArn !== own) wrong.push(`${name}: ${nameIn(targetGroupArn)} still has weight ${weight}`);
  }
  return wrong;
}

function groupsOf({ classes }: Routing): readonly MemberGroup[] {
  const groups = groupMembers(classes, MOST_GROUPS);
  if (groups === null) throw businessFailure('InvalidInput', `the classes go to more than ${MOST_GROUPS} different sets of members; ELBv2 takes so many beside the service's own group`);
  return groups;
}

function roleOf(index: number): string {
  return `group-${index}`;
}

function nameIn(targetGroupArn: string): string {
  return targetGroupArn.split('/').at(-2) ?? targetGroupArn;
}

function balancerOf({ balancer }: RoutedService): ElbBalancer {
  if (balancer.kind !== 'elbv2') throw businessFailure('InvalidInput', `balancer.kind is ${balancer.kind}; expected elbv2`);
  return balancer;
}
