import { z } from 'zod';
import { AwsError, type AwsCall, type OperationHandler } from '../operation';
import { groupView, memberView, membersOf, type ScalingGroup } from './scaling-group';
import type { ScalingGroups } from './scaling-groups';

const size = z.coerce.number().int().min(0);
const name = z.object({ AutoScalingGroupName: z.string().min(1) });
const tag = z.object({ ResourceId: z.string(), Key: z.string().min(1), Value: z.string().max(256).default(''), PropagateAtLaunch: z.string().optional() });
const template = z.object({ LaunchTemplateId: z.string().optional(), LaunchTemplateName: z.string().optional(), Version: z.string().default('$Default') });
const creation = name.extend({
  LaunchTemplate: template,
  MinSize: size,
  MaxSize: size,
  DesiredCapacity: size.optional(),
  AvailabilityZones: z.array(z.string()).min(1),
  TargetGroupARNs: z.array(z.string()).default([]),
  Tags: z.array(tag.partial({ ResourceId: true })).default([]),
});
const update = name.extend({ MinSize: size.optional(), MaxSize: size.optional(), DesiredCapacity: size.optional() });
const description = z.object({ AutoScalingGroupNames: z.array(z.string()).optional(), Filters: z.array(z.object({ Name: z.string(), Values: z.array(z.string()).default([]) })).default([]) });
const warmPool = name.extend({ MinSize: size.default(0), MaxGroupPreparedCapacity: z.coerce.number().int().min(-1).optional(), PoolState: z.enum(['Stopped', 'Running']).default('Stopped') });

/** Groups, their sizes, tags and warm pools. */
export function groupOperations(groups: ScalingGroups): Record<string, OperationHandler> {
  return {
    CreateAutoScalingGroup: async (call) => {
      const request = parse(creation, call);
      if (groups.all.has(request.AutoScalingGroupName)) throw new AwsError('AlreadyExists', `AutoScalingGroup by this name already exists - A group with the name ${request.AutoScalingGroupName} already exists`);
      const id = request.LaunchTemplate.LaunchTemplateId ?? request.LaunchTemplate.LaunchTemplateName ?? '';
      if ((await groups.cloud.deps.catalogue.launchTemplate(id, request.LaunchTemplate.Version)) === undefined) throw invalid(`The launch template ${id} does not exist`);
      const group: ScalingGroup = {
        name: request.AutoScalingGroupName,
        createdAtMs: Date.now(),
        template: { id, version: request.LaunchTemplate.Version },
        zones: request.AvailabilityZones,
        targetGroupArns: request.TargetGroupARNs,
        min: request.MinSize,
        max: request.MaxSize,
        desired: request.DesiredCapacity ?? request.MinSize,
        warmPool: undefined,
        tags: new Map(request.Tags.map(({ Key, Value, PropagateAtLaunch }) => [Key, { value: Value, propagate: PropagateAtLaunch === 'true' }])),
        scheduled: new Map(),
        warm: new Set(),
        registered: new Set(),
        activities: [],
        deleting: false,
      };
      checkSizes(group);
      groups.all.set(group.name, group);
      groups.touch(group);
      return {};
    },
    UpdateAutoScalingGroup: (call) => {
      const request = parse(update, call);
      resize(groups, request.AutoScalingGroupName, request, 'a user request update of AutoScalingGroup constraints');
      return {};
    },
    SetDesiredCapacity: (call) => {
      const { AutoScalingGroupName, DesiredCapacity } = parse(name.extend({ DesiredCapacity: size }), call);
      const { min, max } = groups.get(AutoScalingGroupName);
      if (DesiredCapacity < min) throw invalid(`New SetDesiredCapacity value ${DesiredCapacity} is below min value ${min} for the AutoScalingGroup.`);
      if (DesiredCapacity > max) throw invalid(`New SetDesiredCapacity value ${DesiredCapacity} is above max value ${max} for the AutoScalingGroup.`);
      resize(groups, AutoScalingGroupName, { DesiredCapacity }, 'a user request explicitly set group desired capacity');
      return {};
    },
    DeleteAutoScalingGroup: (call) => {
      const { AutoScalingGroupName, ForceDelete } = parse(name.extend({ ForceDelete: z.string().optional() }), call);
      const group = groups.get(AutoScalingGroupName);
      if (ForceDelete !== 'true' && membersOf(groups.cloud, group).length > 0) throw new AwsError('ResourceInUse', `You cannot delete an AutoScalingGroup while there are instances or pending Spot instance request(s) still in the group.`);
      group.deleting = true;
      group.scheduled.clear();
      groups.touch(group);
      return {};
    },
    DescribeAutoScalingGroups: (call) => {
      const { AutoScalingGroupNames = [], Filters } = parse(description, call);
      const named = [...groups.all.values()].filter((group) => AutoScalingGroupNames.length === 0 || AutoScalingGroupNames.includes(group.name));
      return { AutoScalingGroups: named.filter((group) => Filters.every((filter) => matches(group, filter))).map((group) => groupView(groups.cloud, group)) };
    },
    CreateOrUpdateTags: (call) => {
      for (const { ResourceId, Key, Value, PropagateAtLaunch } of parse(z.object({ Tags: z.array(tag).min(1) }), call).Tags) groups.get(ResourceId).tags.set(Key, { value: Value, propagate: PropagateAtLaunch === 'true' });
      return {};
    },
    DeleteTags: (call) => {
      for (const { ResourceId, Key } of parse(z.object({ Tags: z.array(tag).min(1) }), call).Tags) groups.get(ResourceId).tags.delete(Key);
      return {};
    },
    PutWarmPool: (call) => {
      const { AutoScalingGroupName, MinSize, MaxGroupPreparedCapacity = -1, PoolState } = parse(warmPool, call);
      const group = groups.get(AutoScalingGroupName);
      group.warmPool = { minSize: MinSize, maxPrepared: MaxGroupPreparedCapacity < 0 ? undefined : MaxGroupPreparedCapacity, state: PoolState };
      groups.touch(group);
      return {};
    },
    DescribeWarmPool: (call) => {
      const group = groups.get(parse(name, call).AutoScalingGroupName);
      const { WarmPoolConfiguration } = groupView(groups.cloud, group);
      return { ...(WarmPoolConfiguration === undefined ? {} : { WarmPoolConfiguration }), Instances: membersOf(groups.cloud, group).filter(({ id }) => group.warm.has(id)).map((one) => memberView(group, one)) };
    },
    DeleteWarmPool: (call) => {
      const group = groups.get(parse(name, call).AutoScalingGroupName);
      group.warmPool = undefined;
      groups.touch(group);
      return {};
    },
    DescribeScalingActivities: (call) => ({
      Activities: groups.get(parse(name, call).AutoScalingGroupName).activities.map(({ id, atMs, cause, status, message }) => ({ ActivityId: id, StartTime: new Date(atMs), EndTime: new Date(atMs), Cause: cause, StatusCode: status, StatusMessage: message, Progress: 100 })),
    }),
  };
}

/** Other sizes for a group; the desired capacity stays within them, as AWS keeps it. */
export function resize(groups: ScalingGroups, groupName: string, sizes: { readonly MinSize?: number | undefined; readonly MaxSize?: number | undefined; readonly DesiredCapacity?: number | undefined }, cause: string): void {
  const group = groups.get(groupName);
  const [min, max] = [sizes.MinSize ?? group.min, sizes.MaxSize ?? group.max];
  const desired = sizes.DesiredCapacity ?? Math.min(max, Math.max(min, group.desired));
  checkSizes({ min, max, desired });
  if (desired !== group.desired) groups.note(group, `At ${new Date().toISOString()} ${cause} changing the desired capacity from ${group.desired} to ${desired}.`);
  Object.assign(group, { min, max, desired });
  groups.touch(group);
}

/** Parameters in the form that an operation expects. */
export function parse<T>(shape: z.ZodType<T>, call: AwsCall): T {
  const parsed = shape.safeParse(call.params);
  if (parsed.success) return parsed.data;
  throw invalid(`The parameter ${parsed.error.issues[0]?.path.join('.') ?? ''} is missing or invalid.`);
}

export function invalid(message: string): AwsError {
  return new AwsError('ValidationError', message);
}

function checkSizes({ min, max, desired }: Pick<ScalingGroup, 'min' | 'max' | 'desired'>): void {
  if (min > max) throw invalid(`Max bound, ${max}, must be greater than or equal to min bound, ${min}`);
  if (desired < min || desired > max) throw invalid(`Desired capacity:${desired} must be between the specified min size:${min} and max size:${max}`);
}

function matches(group: ScalingGroup, { Name, Values }: { readonly Name: string; readonly Values: readonly string[] }): boolean {
  if (Name === 'tag-key') return Values.some((key) => group.tags.has(key));
  if (Name === 'tag-value') return [...group.tags.values()].some(({ value }) => Values.includes(value));
  if (Name.startsWith('tag:')) return Values.includes(group.tags.get(Name.slice(4))?.value ?? '');
  throw invalid(`The filter ${Name} is not supported in the local cloud`);
}
