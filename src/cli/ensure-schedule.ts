import { ScheduleAlreadyRunning, type Client, type ScheduleOptions, type ScheduleOptionsStartWorkflowAction } from '@temporalio/client';
import type { Workflow } from '@temporalio/common';

type Wanted = Pick<ScheduleOptions<ScheduleOptionsStartWorkflowAction<Workflow>>, 'scheduleId' | 'spec' | 'policies'> & {
  readonly action: ScheduleOptionsStartWorkflowAction<Workflow> & { readonly taskQueue: string };
};

/** Makes a schedule, or changes the one of that id to what is wanted now; one that is paused stays paused. */
export async function ensureSchedule(client: Client, { scheduleId, ...wanted }: Wanted): Promise<void> {
  try {
    await client.schedule.create({ scheduleId, ...wanted });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await client.schedule.getHandle(scheduleId).update((previous) => ({ ...wanted, policies: wanted.policies ?? {}, action: { ...wanted.action, workflowId: wanted.action.workflowId ?? scheduleId }, state: previous.state }));
  }
}
