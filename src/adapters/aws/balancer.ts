import {
  CreateTargetGroupCommand,
  DeleteTargetGroupCommand,
  DeregisterTargetsCommand,
  DescribeListenersCommand,
  DescribeRulesCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  DuplicateTargetGroupNameException,
  ModifyListenerCommand,
  ModifyRuleCommand,
  ModifyTargetGroupAttributesCommand,
  RegisterTargetsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Action, ElasticLoadBalancingV2Client, TargetGroup } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { BalancerPort } from '../../activities/balancer-port';
import { businessFailure } from '../../contracts/errors';
import type { Owner, RouteWeights } from '../../contracts/migration-activities';
import type { WeightedTarget } from '../../domain/source-snapshot';
import { findBindings, findListings, readGroups } from './balancer-bindings';
import { allGroups, tagsOfGroups } from './group-tags';
import { balancerZones } from './balancer-zones';
import { forwardOf } from './forward-action';
import { isOwnedBy, clientToken, ownerTags, tagRecord } from './ownership';
import { callAws } from './translate-error';

/** ELBv2 through the AWS SDK. */
export function createBalancer(elb: ElasticLoadBalancingV2Client): BalancerPort {
  return {
    bindingsOf: (instanceId) => findBindings(elb, instanceId),
    listingsOf: (instanceId) => findListings(elb, instanceId),
    groups: () => readGroups(elb),
    copyGroup: (owner, likeArn, role) => copyGroup(elb, owner, likeArn, role),
    async findOwnedGroups(owner) {
      const arns = await callAws('list target groups', () => allGroups(elb));
      const owned: string[] = [];
      for (const { ResourceArn, Tags } of await callAws('read tags of target groups', () => tagsOfGroups(elb, arns))) {
        if (isOwnedBy(tagRecord(Tags), owner) && ResourceArn !== undefined) owned.push(ResourceArn);
      }
      return owned;
    },
    async deleteGroup(targetGroupArn) {
      await callAws('delete a target group', () => elb.send(new DeleteTargetGroupCommand({ TargetGroupArn: targetGroupArn })));
    },
    async register(targetGroupArn, instanceId, port) {
      await callAws(`register ${instanceId}`, () => elb.send(new RegisterTargetsCommand({ TargetGroupArn: targetGroupArn, Targets: [{ Id: instanceId, Port: port }] })));
    },
    async deregister(targetGroupArn, instanceId, port) {
      await callAws(`deregister ${instanceId}`, () => elb.send(new DeregisterTargetsCommand({ TargetGroupArn: targetGroupArn, Targets: [{ Id: instanceId, Port: port }] })));
    },
    async health(targetGroupArn, instanceId) {
      const answer = await callAws(`read the health of ${instanceId}`, () => elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn })));
      const found = answer.TargetHealthDescriptions?.find((description) => description.Target?.Id === instanceId)?.TargetHealth;
      return found === undefined ? null : { state: found.State ?? 'unknown', reason: found.Description ?? found.Reason ?? '' };
    },
    zonesOf: (targetGroupArns) => balancerZones(elb, targetGroupArns),
    async targets(targetGroupArn) {
      const answer = await callAws('list targets', () => elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn })));
      return (answer.TargetHealthDescriptions ?? []).map(({ Target }) => ({ instanceId: Target?.Id ?? '', port: Target?.Port ?? 0 }));
    },
    setForward: (route) => setForward(elb, route),
    readForward: async (route) => forwardOf(await actionsOf(elb, route)),
  };
}

/** The name derives from the run and the role: AWS answers a repeated call with the same group. */
async function copyGroup(elb: ElasticLoadBalancingV2Client, owner: Owner, likeArn: string, role: string): Promise<string> {
  const doing = `copy a target group for the ${role}`;
  const described = await callAws(doing, () => elb.send(new DescribeTargetGroupsCommand({ TargetGroupArns: [likeArn] })));
  const like = described.TargetGroups?.[0];
  if (like === undefined) throw businessFailure('NotFound', `target group ${likeArn} does not exist`);
  const arn = await createOnce(elb, owner, role, like, doing);
  const attributes = await callAws(doing, () => elb.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn: likeArn })));
  await callAws(doing, () => elb.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn: arn, Attributes: attributes.Attributes })));
  return arn;
}

/** A group whose creation was answered to nobody is found again by its name, which is made of its owner. */
async function createOnce(elb: ElasticLoadBalancingV2Client, owner: Owner, role: string, like: TargetGroup, doing: string): Promise<string> {
  const Name = `fs-${role}-${clientToken(owner, role).slice(0, 16)}`;
  const command = new CreateTargetGroupCommand({
    Name,
    Protocol: like.Protocol,
    ProtocolVersion: like.ProtocolVersion,
    Port: like.Port,
    VpcId: like.VpcId,
    TargetType: 'instance',
    HealthCheckProtocol: like.HealthCheckProtocol,
    HealthCheckPort: like.HealthCheckPort,
    HealthCheckPath: like.HealthCheckPath,
    HealthCheckEnabled: like.HealthCheckEnabled,
    HealthCheckIntervalSeconds: like.HealthCheckIntervalSeconds,
    HealthCheckTimeoutSeconds: like.HealthCheckTimeoutSeconds,
    HealthyThresholdCount: like.HealthyThresholdCount,
    UnhealthyThresholdCount: like.UnhealthyThresholdCount,
    Matcher: like.Matcher,
    Tags: ownerTags(owner, role),
  });
  const found = await callAws(doing, async () => {
    try {
      return await elb.send(command);
    } catch (error) {
      if (!(error instanceof DuplicateTargetGroupNameException)) throw error;
      return elb.send(new DescribeTargetGroupsCommand({ Names: [Name] }));
    }
  });
  const arn = found.TargetGroups?.[0]?.TargetGroupArn;
  if (arn === undefined) throw new Error('the target group was answered without its ARN');
  return arn;
}

async function setForward(elb: ElasticLoadBalancingV2Client, route: RouteWeights): Promise<void> {
  const actions = (await actionsOf(elb, route)).map((action) => (action.Type === 'forward' ? withTargets(action, route.forward) : action));
  await callAws(`set the weights of ${route.arn}`, async () => {
    if (route.kind === 'listener') await elb.send(new ModifyListenerCommand({ ListenerArn: route.arn, DefaultActions: actions }));
    else await elb.send(new ModifyRuleCommand({ RuleArn: route.arn, Actions: actions }));
  });
}

/** Stickiness and the actions before the forward (authentication) stay as they are. */
function withTargets(action: Action, forward: readonly WeightedTarget[]): Action {
  const { TargetGroupArn, ...rest } = action;
  return {
    ...rest,
    ForwardConfig: {
      ...action.ForwardConfig,
      TargetGroups: forward.map(({ targetGroupArn, weight }) => ({ TargetGroupArn: targetGroupArn, Weight: weight })),
    },
  };
}

async function actionsOf(elb: ElasticLoadBalancingV2Client, route: Pick<RouteWeights, 'kind' | 'arn'>): Promise<Action[]> {
  return callAws(`read ${route.arn}`, async () => {
    if (route.kind === 'listener') {
      const answer = await elb.send(new DescribeListenersCommand({ ListenerArns: [route.arn] }));
      return answer.Listeners?.[0]?.DefaultActions ?? [];
    }
    const answer = await elb.send(new DescribeRulesCommand({ RuleArns: [route.arn] }));
    return answer.Rules?.[0]?.Actions ?? [];
  });
}
