import type {
  ElasticLoadBalancingV2Client} from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  type Action,
  type RuleCondition,
  type TargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2';

export interface BalancedRule {
  readonly priority: number;
  readonly conditions: readonly RuleCondition[];
  readonly actions: readonly Action[];
}

export interface BalancedListener {
  readonly listenerArn: string;
  readonly loadBalancerArn: string;
  readonly defaultActions: readonly Action[];
  /** Ascending priority, without the default rule. */
  readonly rules: readonly BalancedRule[];
}

export interface BalancedGroup {
  readonly arn: string;
  readonly targetType: string;
  readonly port: number;
  readonly healthCheck: {
    readonly enabled: boolean;
    readonly path: string;
    /** `traffic-port` or a number. */
    readonly port: string;
    readonly intervalSeconds: number;
    readonly timeoutSeconds: number;
    readonly healthyThreshold: number;
    readonly unhealthyThreshold: number;
    /** Accepted status codes as ELB writes them: `200`, `200,202`, `200-299`. */
    readonly matcher: string;
  };
  readonly drainSeconds: number;
}

export interface BalancerModel {
  readonly listeners: readonly BalancedListener[];
  readonly groups: ReadonlyMap<string, BalancedGroup>;
}

export const EMPTY_MODEL: BalancerModel = { listeners: [], groups: new Map() };
/** AWS's default deregistration delay. */
export const DEFAULT_DRAIN_SECONDS = 300;

/** Reads everything Envoy has to know from moto, which stays the only owner of it. */
export async function readBalancerModel(client: ElasticLoadBalancingV2Client): Promise<BalancerModel> {
  const { LoadBalancers: balancers = [] } = await client.send(new DescribeLoadBalancersCommand({}));
  const listeners = await Promise.all(balancers.map((one) => readListeners(client, one.LoadBalancerArn ?? '')));
  const { TargetGroups: groups = [] } = await client.send(new DescribeTargetGroupsCommand({}));
  const read = await Promise.all(groups.map((group) => readGroup(client, group)));
  return { listeners: listeners.flat(), groups: new Map(read.map((group) => [group.arn, group])) };
}

/** Target groups that some listener or rule forwards to; AWS calls the others not in use. */
export function groupsInUse(model: BalancerModel): Set<string> {
  const actions = model.listeners.flatMap((listener) => [...listener.defaultActions, ...listener.rules.flatMap((rule) => rule.actions)]);
  return new Set(actions.flatMap(weightedGroups).map(({ arn }) => arn));
}

/** The target groups of a forward action with their weights; a plain TargetGroupArn is one group of weight 1. */
export function weightedGroups(action: Action): readonly { readonly arn: string; readonly weight: number }[] {
  const listed = action.ForwardConfig?.TargetGroups ?? [];
  if (listed.length > 0) return listed.map((one) => ({ arn: one.TargetGroupArn ?? '', weight: one.Weight ?? 1 }));
  return action.TargetGroupArn === undefined ? [] : [{ arn: action.TargetGroupArn, weight: 1 }];
}

async function readListeners(client: ElasticLoadBalancingV2Client, arn: string): Promise<BalancedListener[]> {
  const { Listeners: listeners = [] } = await client.send(new DescribeListenersCommand({ LoadBalancerArn: arn }));
  return Promise.all(
    listeners.map(async (listener) => {
      const { Rules: rules = [] } = await client.send(new DescribeRulesCommand({ ListenerArn: listener.ListenerArn }));
      return {
        listenerArn: listener.ListenerArn ?? '',
        loadBalancerArn: arn,
        defaultActions: listener.DefaultActions ?? [],
        rules: rules
          .filter((rule) => rule.IsDefault !== true && rule.Priority !== 'default')
          .map((rule) => ({ priority: Number(rule.Priority), conditions: rule.Conditions ?? [], actions: rule.Actions ?? [] }))
          .sort((a, b) => a.priority - b.priority),
      };
    }),
  );
}

async function readGroup(client: ElasticLoadBalancingV2Client, group: TargetGroup): Promise<BalancedGroup> {
  const arn = group.TargetGroupArn ?? '';
  const { Attributes: attributes = [] } = await client.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn: arn }));
  const drain = attributes.find(({ Key }) => Key === 'deregistration_delay.timeout_seconds')?.Value;
  return {
    arn,
    targetType: group.TargetType ?? 'instance',
    port: group.Port ?? 80,
    healthCheck: {
      enabled: group.HealthCheckEnabled ?? true,
      path: group.HealthCheckPath ?? '/',
      port: group.HealthCheckPort ?? 'traffic-port',
      intervalSeconds: group.HealthCheckIntervalSeconds ?? 30,
      timeoutSeconds: group.HealthCheckTimeoutSeconds ?? 5,
      healthyThreshold: group.HealthyThresholdCount ?? 5,
      unhealthyThreshold: group.UnhealthyThresholdCount ?? 2,
      matcher: group.Matcher?.HttpCode ?? '200',
    },
    drainSeconds: Number(drain ?? DEFAULT_DRAIN_SECONDS),
  };
}
