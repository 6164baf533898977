import { z } from 'zod';
import type { OperationHandler } from '../operation';
import { invalid, parse, resize } from './group-operations';
import type { ScheduledActionRecord } from './scaling-group';
import type { ScalingGroups } from './scaling-groups';

const LONGEST_TIMER_MS = 2_147_483_647;
const size = z.coerce.number().int().min(0).optional();
const action = z.object({ AutoScalingGroupName: z.string().min(1), ScheduledActionName: z.string().min(1).max(255), StartTime: z.coerce.date(), MinSize: size, MaxSize: size, DesiredCapacity: size });
const named = z.object({ AutoScalingGroupName: z.string().min(1), ScheduledActionName: z.string().min(1) });
const description = z.object({ AutoScalingGroupName: z.string().min(1), ScheduledActionNames: z.array(z.string()).optional() });

/** Scheduled actions that run once; recurring ones are not there. An action is gone once it ran. */
export function scheduleOperations(groups: ScalingGroups): Record<string, OperationHandler> {
  const watch = (groupName: string, record: ScheduledActionRecord): void => {
    groups.cloud.timers.after(Math.min(Math.max(0, record.startAtMs - Date.now()), LONGEST_TIMER_MS), () => {
      const group = groups.all.get(groupName);
      // It was deleted, or another took its name.
      if (group?.scheduled.get(record.name) !== record) return;
      if (Date.now() < record.startAtMs) return watch(groupName, record);
      group.scheduled.delete(record.name);
      resize(groups, groupName, { MinSize: record.min, MaxSize: record.max, DesiredCapacity: record.desired }, `the scheduled action ${record.name} ran,`);
    });
  };
  return {
    PutScheduledUpdateGroupAction: (call) => {
      if (call.params['Recurrence'] !== undefined) throw invalid('Recurrence is not supported in the local cloud');
      const { AutoScalingGroupName, ScheduledActionName, StartTime, MinSize, MaxSize, DesiredCapacity } = parse(action, call);
      const group = groups.get(AutoScalingGroupName);
      if (StartTime.getTime() <= Date.now()) throw invalid('Given start time is in the past');
      if (MinSize === undefined && MaxSize === undefined && DesiredCapacity === undefined) throw invalid('At least one of MinSize, MaxSize and DesiredCapacity must be given');
      const record: ScheduledActionRecord = { name: ScheduledActionName, startAtMs: StartTime.getTime(), min: MinSize, max: MaxSize, desired: DesiredCapacity };
      group.scheduled.set(record.name, record);
      watch(group.name, record);
      return {};
    },
    DeleteScheduledAction: (call) => {
      const { AutoScalingGroupName, ScheduledActionName } = parse(named, call);
      if (!groups.get(AutoScalingGroupName).scheduled.delete(ScheduledActionName)) throw invalid('Scheduled action name not found');
      return {};
    },
    DescribeScheduledActions: (call) => {
      const { AutoScalingGroupName, ScheduledActionNames = [] } = parse(description, call);
      const found = [...groups.get(AutoScalingGroupName).scheduled.values()].filter(({ name }) => ScheduledActionNames.length === 0 || ScheduledActionNames.includes(name));
      return {
        ScheduledUpdateGroupActions: found.map(({ name, startAtMs, min, max, desired }) => ({ AutoScalingGroupName, ScheduledActionName: name, StartTime: new Date(startAtMs), Time: new Date(startAtMs), MinSize: min, MaxSize: max, DesiredCapacity: desired })),
      };
    },
  };
}
