import { temporal } from '@temporalio/proto';

/** What is asked of a connection, of a client's or a worker's. */
interface Asked {
  readonly workflowService: Pick<temporal.api.workflowservice.v1.WorkflowService, 'describeTaskQueue'>;
}

const { TASK_QUEUE_TYPE_WORKFLOW, TASK_QUEUE_TYPE_ACTIVITY } = temporal.api.enums.v1.TaskQueueType;

/** How many tasks of both kinds wait there for a worker, about; those that wait for one worker alone (sticky) are not counted. */
export async function backlogOf({ workflowService }: Asked, namespace: string, taskQueue: string): Promise<number> {
  const answers = await Promise.all([TASK_QUEUE_TYPE_WORKFLOW, TASK_QUEUE_TYPE_ACTIVITY].map((taskQueueType) => workflowService.describeTaskQueue({ namespace, taskQueue: { name: taskQueue }, taskQueueType, reportStats: true })));
  return answers.reduce((sum, { stats }) => sum + Number(stats?.approximateBacklogCount ?? 0), 0);
}
