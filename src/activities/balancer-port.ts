import type { Owner, RouteWeights } from '../contracts/migration-activities';
import type { TrafficBinding, WeightedTarget } from '../domain/source-snapshot';

export interface TargetHealth {
  /** ELBv2's state: initial, healthy, unhealthy, unused, draining, unavailable. */
  readonly state: string;
  readonly reason: string;
}

/** A target group and the instances that it lists, with ELBv2's state of each. */
export interface TargetGroup {
  readonly name: string;
  readonly members: readonly { readonly instanceId: string; readonly state: string }[];
}

/** Weighted target groups of a load balancer. */
export interface BalancerPort {
  /** The groups that list the instance, with the routes that lead to them. */
  bindingsOf(instanceId: string): Promise<readonly TrafficBinding[]>;
  /** The groups that list the instance, also those in which its last requests end. */
  listingsOf(instanceId: string): Promise<readonly { readonly targetGroupArn: string; readonly port: number }[]>;
  /** Every target group of instances. */
  groups(): Promise<readonly TargetGroup[]>;
  /** A group with the settings of another; the same group again when repeated. */
  copyGroup(owner: Owner, likeArn: string, role: string): Promise<string>;
  findOwnedGroups(owner: Owner): Promise<readonly string[]>;
  deleteGroup(targetGroupArn: string): Promise<void>;
  register(targetGroupArn: string, instanceId: string, port: number): Promise<void>;
  deregister(targetGroupArn: string, instanceId: string, port: number): Promise<void>;
  /** Null where the group does not list the instance. */
  health(targetGroupArn: string, instanceId: string): Promise<TargetHealth | null>;
  /** Zones that a load balancer of these groups serves; a target elsewhere gets nothing. Null where no load balancer uses any of them. */
  zonesOf(targetGroupArns: readonly string[]): Promise<readonly string[] | null>;
  targets(targetGroupArn: string): Promise<readonly { readonly instanceId: string; readonly port: number }[]>;
  setForward(route: RouteWeights): Promise<void>;
  readForward(route: Pick<RouteWeights, 'kind' | 'arn'>): Promise<readonly WeightedTarget[]>;
}
