import type { AutoScalingGroup, Instance, LifecycleState } from '@aws-sdk/client-auto-scaling';
import type { Cloud } from '../ec2/cloud';
import type { InstanceRecord } from '../ec2/records';

/** Instances that wait, stopped or running, until the group needs them. */
export interface WarmPoolRecord {
  minSize: number;
  /** Warm and serving instances together, at most; undefined: the group's maximum. */
  maxPrepared: number | undefined;
  state: 'Stopped' | 'Running';
}

export interface ScheduledActionRecord {
  readonly name: string;
  readonly startAtMs: number;
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly desired: number | undefined;
}

export interface ScalingActivity {
  readonly id: string;
  readonly atMs: number;
  readonly cause: string;
  readonly status: 'Successful' | 'Failed';
  readonly message: string;
}

/** An Auto Scaling group; which instances are its own stands in their tags. */
export interface ScalingGroup {
  readonly name: string;
  readonly createdAtMs: number;
  readonly template: { readonly id: string; readonly version: string };
  readonly zones: readonly string[];
  readonly targetGroupArns: readonly string[];
  min: number;
  max: number;
  desired: number;
  warmPool: WarmPoolRecord | undefined;
  readonly tags: Map<string, { readonly value: string; readonly propagate: boolean }>;
  readonly scheduled: Map<string, ScheduledActionRecord>;
  /** Instances of the warm pool. */
  readonly warm: Set<string>;
  /** Instances that its target groups were told of. */
  readonly registered: Set<string>;
  /** Newest first. */
  readonly activities: ScalingActivity[];
  deleting: boolean;
}

/** AWS's own tag on an instance of a group. */
export const GROUP_NAME_TAG = 'aws:autoscaling:groupName';

/** The group's instances that are not on their way out, in the order of their launch. */
export function membersOf(cloud: Cloud, group: ScalingGroup): readonly InstanceRecord[] {
  return [...cloud.instances.values()].filter(({ tags, state }) => tags.get(GROUP_NAME_TAG) === group.name && state !== 'terminated' && state !== 'shutting-down').sort((a, b) => a.seq - b.seq);
}

/** The group as DescribeAutoScalingGroups shows it. */
export function groupView(cloud: Cloud, group: ScalingGroup): AutoScalingGroup {
  const members = membersOf(cloud, group);
  return {
    AutoScalingGroupName: group.name,
    AutoScalingGroupARN: `arn:aws:autoscaling:${cloud.deps.region}:${cloud.deps.accountId}:autoScalingGroup:local:autoScalingGroupName/${group.name}`,
    LaunchTemplate: { LaunchTemplateId: group.template.id, Version: group.template.version },
    MinSize: group.min,
    MaxSize: group.max,
    DesiredCapacity: group.desired,
    DefaultCooldown: 300,
    AvailabilityZones: [...group.zones],
    TargetGroupARNs: [...group.targetGroupArns],
    HealthCheckType: 'EC2',
    CreatedTime: new Date(group.createdAtMs),
    Instances: members.filter(({ id }) => !group.warm.has(id)).map((one) => memberView(group, one)),
    Tags: [...group.tags].map(([Key, { value, propagate }]) => ({ Key, Value: value, PropagateAtLaunch: propagate, ResourceId: group.name, ResourceType: 'auto-scaling-group' })),
    ...(group.warmPool === undefined ? {} : { WarmPoolSize: group.warm.size, WarmPoolConfiguration: { MinSize: group.warmPool.minSize, ...(group.warmPool.maxPrepared === undefined ? {} : { MaxGroupPreparedCapacity: group.warmPool.maxPrepared }), PoolState: group.warmPool.state } }),
    ...(group.deleting ? { Status: 'Delete in progress' } : {}),
  };
}

/** An instance as its group, or the group's warm pool, shows it. */
export function memberView(group: ScalingGroup, { id, zone, shape, state }: InstanceRecord): Instance {
  const warm = group.warm.has(id) ? 'Warmed:' : '';
  const phase = state === 'running' ? (warm === '' ? 'InService' : 'Running') : state === 'stopped' ? 'Stopped' : 'Pending';
  return {
    InstanceId: id,
    AvailabilityZone: zone,
    InstanceType: shape,
    LifecycleState: `${warm}${phase}` as LifecycleState,
    HealthStatus: 'Healthy',
    ProtectedFromScaleIn: false,
    LaunchTemplate: { LaunchTemplateId: group.template.id, Version: group.template.version },
  };
}
