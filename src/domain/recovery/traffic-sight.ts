import type { WeightedTarget } from '../source-snapshot';

/** A target group and whom it lists, as the balancer has it. `owner`, `runId`: the tags of the workflow that made it; null for an operator's own. */
export interface GroupSight {
  readonly targetGroupArn: string;
  readonly name: string;
  readonly loadBalancerArn: string | null;
  readonly owner: string | null;
  readonly runId: string | null;
  readonly role: string | null;
  readonly members: readonly { readonly instanceId: string; readonly port: number; readonly state: string }[];
}

/** A listener's default action or a rule, and where it leads. */
export interface RouteSight {
  readonly kind: 'listener' | 'rule';
  readonly arn: string;
  readonly owner: string | null;
  readonly runId: string | null;
  readonly role: string | null;
  readonly forward: readonly WeightedTarget[];
}

/** Everything that load balancers lead requests by, read at one moment. */
export interface TrafficSight {
  readonly groups: readonly GroupSight[];
  readonly routes: readonly RouteSight[];
}

/** The weight of a group in all routes together; 0 where none names it. */
export function weightOf({ routes }: Pick<TrafficSight, 'routes'>, targetGroupArn: string): number {
  return routes.flatMap(({ forward }) => forward).reduce((sum, target) => sum + (target.targetGroupArn === targetGroupArn ? target.weight : 0), 0);
}

/** Whether it is a healthy target of a group that nobody's workflow made and that gets traffic. */
export function servesInOwnGroup(traffic: TrafficSight, instanceId: string): boolean {
  return traffic.groups.some(({ owner, targetGroupArn, members }) => owner === null && weightOf(traffic, targetGroupArn) > 0 && members.some((member) => member.instanceId === instanceId && member.state === 'healthy'));
}
