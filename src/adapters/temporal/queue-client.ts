import { WithStartWorkflowOperation, WorkflowNotFoundError } from '@temporalio/client';
import type { Client, Workflow } from '@temporalio/client';
import type { QueueClient } from '../../activities/queue-client-port';
import { MIGRATION_QUEUE, QUEUE_MESSAGES } from '../../contracts/migration-queue';
import type { CancelArgs, EnqueueAnswer, EnqueueArgs, MigrationQueueInput, PredictArgs } from '../../contracts/migration-queue';
import { queueWorkflowId } from '../../contracts/workflow-ids';
import { inPayloads } from '../../domain/in-payloads';
import { MOST_OUTLOOKS, MOST_REQUESTS_IN_BATCH } from '../../domain/queue/queue-input';

/** The queues by updates through a Temporal client. A queue that is not there is started with the default policy. */
export function createQueueClient(client: () => Client, taskQueue: string): QueueClient {
  return {
    async enqueue(fleet, requests) {
      const answers: EnqueueAnswer[] = [];
      for (const batch of inPayloads(requests, MOST_REQUESTS_IN_BATCH)) answers.push(...(await callQueue<EnqueueAnswer[], EnqueueArgs>(client(), taskQueue, fleet, QUEUE_MESSAGES.enqueue, { requests: batch })));
      return answers;
    },
    cancel: (fleet, args) =>
      whereThere({ itemIds: [] }, () => client().workflow.getHandle(queueWorkflowId(fleet)).executeUpdate<{ itemIds: string[] }, [CancelArgs]>(QUEUE_MESSAGES.cancel, { args: [args] })),
    predict: (fleet, outlooks) =>
      whereThere(0, async () => {
        const queue = client().workflow.getHandle(queueWorkflowId(fleet));
        const { status } = await queue.describe();
        if (status.name !== 'RUNNING') return 0;
        const theirs = new Set(await queue.query<string[]>(QUEUE_MESSAGES.instances));
        const wanted = outlooks.filter(({ instanceId }) => theirs.has(instanceId));
        for (const part of inPayloads(wanted, MOST_OUTLOOKS)) await queue.signal<[PredictArgs]>(QUEUE_MESSAGES.predict, { outlooks: part });
        return wanted.length;
      }),
  };
}

/** Nobody can say anything to a queue that is not there. */
async function whereThere<T>(otherwise: T, say: () => Promise<T>): Promise<T> {
  try {
    return await say();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return otherwise;
    throw error;
  }
}

/** Sends an update to a fleet's queue, and starts the queue where it is not there. */
export function callQueue<Answer, Args>(client: Client, taskQueue: string, fleet: string, message: string, args: Args): Promise<Answer> {
  const input: MigrationQueueInput = { fleet };
  const startWorkflowOperation = new WithStartWorkflowOperation(MIGRATION_QUEUE, {
    workflowId: queueWorkflowId(fleet),
    taskQueue,
    args: [input],
    workflowIdConflictPolicy: 'USE_EXISTING',
    staticSummary: `Moves of fleet ${fleet}`.slice(0, 190),
  });
  return client.workflow.executeUpdateWithStart<Workflow, Answer, [Args]>(message, { startWorkflowOperation, args: [args] });
}
