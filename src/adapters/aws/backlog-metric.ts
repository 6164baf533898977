import { PutMetricDataCommand, type CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { callAws } from './translate-error';

export const BACKLOG_METRIC = 'TaskQueueBacklog';
export const TASK_QUEUE_DIMENSION = 'TaskQueue';

/** How many tasks wait on a queue, as a metric that services are scaled by. */
export async function putBacklog(cloudwatch: CloudWatchClient, namespace: string, taskQueue: string, tasks: number): Promise<void> {
  await callAws('put the backlog of the task queue', () =>
    cloudwatch.send(new PutMetricDataCommand({ Namespace: namespace, MetricData: [{ MetricName: BACKLOG_METRIC, Dimensions: [{ Name: TASK_QUEUE_DIMENSION, Value: taskQueue }], Unit: 'Count', Value: tasks }] })),
  );
}
