import {
  CreateOrUpdateTagsCommand,
  DeleteScheduledActionCommand,
  DeleteTagsCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeScalingActivitiesCommand,
  PutScheduledUpdateGroupActionCommand,
  SetDesiredCapacityCommand,
} from '@aws-sdk/client-auto-scaling';
import type { AutoScalingClient, AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import { DescribeLaunchTemplateVersionsCommand } from '@aws-sdk/client-ec2';
import type { EC2Client } from '@aws-sdk/client-ec2';
import type { ScalingGroupPort } from '../../activities/scaling-group-port';
import { businessFailure } from '../../contracts/errors';
import { tagRecord } from './ownership';
import { callAws } from './translate-error';

/** What AWS answers where a scheduled action is not there; it has no code of its own. */
const NO_SUCH_ACTION = /not found/i;

/** Auto Scaling groups through the AWS SDK. */
export function createScalingGroups(autoScaling: AutoScalingClient, ec2: EC2Client): ScalingGroupPort {
  return {
    async describe(name) {
      const group = await groupNamed(autoScaling, name);
      return {
        name,
        min: group.MinSize ?? 0,
        max: group.MaxSize ?? 0,
        desired: group.DesiredCapacity ?? 0,
        inService: (group.Instances ?? []).filter(({ LifecycleState }) => LifecycleState === 'InService').length,
        zones: group.AvailabilityZones ?? [],
        warm: group.WarmPoolConfiguration === undefined ? null : (group.WarmPoolSize ?? 0),
        tags: tagRecord(group.Tags),
      };
    },
    shapes: async (name) => shapesOf(ec2, await groupNamed(autoScaling, name)),
    async setDesired(name, desired) {
      await callAws(`set ${name} to ${desired}`, () => autoScaling.send(new SetDesiredCapacityCommand({ AutoScalingGroupName: name, DesiredCapacity: desired, HonorCooldown: false })));
    },
    async tag(name, key, value) {
      await callAws(`tag ${name}`, () => autoScaling.send(new CreateOrUpdateTagsCommand({ Tags: [{ ResourceType: 'auto-scaling-group', ResourceId: name, Key: key, Value: value, PropagateAtLaunch: false }] })));
    },
    async untag(name, key) {
      await callAws(`untag ${name}`, () => autoScaling.send(new DeleteTagsCommand({ Tags: [{ ResourceType: 'auto-scaling-group', ResourceId: name, Key: key }] })));
    },
    async launchFailure(name, sinceMs) {
      const answer = await callAws(`read the activities of ${name}`, () => autoScaling.send(new DescribeScalingActivitiesCommand({ AutoScalingGroupName: name, MaxRecords: 20 })));
      const [newest] = (answer.Activities ?? []).filter(({ StartTime }) => (StartTime?.getTime() ?? 0) >= sinceMs);
      return newest?.StatusCode === 'Failed' ? (newest.StatusMessage ?? 'a launch failed') : null;
    },
    async schedule(name, action) {
      await callAws(`schedule ${action.name}`, () =>
        autoScaling.send(new PutScheduledUpdateGroupActionCommand({ AutoScalingGroupName: name, ScheduledActionName: action.name, StartTime: new Date(action.atMs), DesiredCapacity: action.desired })),
      );
    },
    async unschedule(name, actionName) {
      return callAws(`delete the scheduled action ${actionName}`, async () => {
        try {
          await autoScaling.send(new DeleteScheduledActionCommand({ AutoScalingGroupName: name, ScheduledActionName: actionName }));
          return true;
        } catch (error) {
          if (error instanceof Error && error.name === 'ValidationError' && NO_SUCH_ACTION.test(error.message)) return false;
          throw error;
        }
      });
    },
  };
}

async function groupNamed(autoScaling: AutoScalingClient, name: string): Promise<AutoScalingGroup> {
  const answer = await callAws(`describe Auto Scaling group ${name}`, () => autoScaling.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] })));
  const group = answer.AutoScalingGroups?.[0];
  if (group === undefined) throw businessFailure('NotFound', `Auto Scaling group "${name}" does not exist in this account and region`);
  return group;
}

/** A mixed group may launch any of its overrides; a group without a template has what runs in it. */
async function shapesOf(ec2: EC2Client, { LaunchTemplate, MixedInstancesPolicy, Instances }: AutoScalingGroup): Promise<readonly string[]> {
  const mixed = MixedInstancesPolicy?.LaunchTemplate;
  const overrides = (mixed?.Overrides ?? []).flatMap(({ InstanceType }) => InstanceType ?? []);
  if (overrides.length > 0) return overrides;
  const template = LaunchTemplate ?? mixed?.LaunchTemplateSpecification;
  if (template !== undefined) {
    const { LaunchTemplateId, LaunchTemplateName, Version = '$Default' } = template;
    const which = LaunchTemplateId === undefined ? { LaunchTemplateName } : { LaunchTemplateId };
    const answer = await callAws(`read launch template ${LaunchTemplateId ?? LaunchTemplateName ?? ''}`, () => ec2.send(new DescribeLaunchTemplateVersionsCommand({ ...which, Versions: [Version] })));
    const shape = answer.LaunchTemplateVersions?.[0]?.LaunchTemplateData?.InstanceType;
    if (shape !== undefined) return [shape];
  }
  return [...new Set((Instances ?? []).flatMap(({ InstanceType }) => InstanceType ?? []))];
}
