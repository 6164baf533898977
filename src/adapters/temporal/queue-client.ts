import { WithStartWorkflowOperation, WorkflowNotFoundError } from '@temporalio/client';
import type { Client, Workflow } from '@temporalio/client';
import type { QueueClient } from '../../activities/queue-client-port';
import { MIGRATION_QUEUE, QUEUE_MESSAGES } from '../../contracts/migration-queue';
import type { CancelArgs, EnqueueAnswer, EnqueueArgs, MigrationQueueInput } from '../../contracts/migration-queue';
import { queueWorkflowId } from '../../contracts/workflow-ids';
import { inPayloads } from '../../domain/in-payloads';
import { MOST_REQUESTS_IN_BATCH } from '../../domain/queue/queue-input';

/** The queues by updates through a Temporal client. A queue that is not there is started with the default policy. */
export function createQueueClient(client: () => Client, taskQueue: string): QueueClient {
  return {
    async enqueue(fleet, requests) {
      const answers: EnqueueAnswer[] = [];
      for (const batch of inPayloads(requests, MOST_REQUESTS_IN_BATCH)) answers.push(...(await callQueue<EnqueueAnswer[], EnqueueArgs>(client(), taskQueue, fleet, QUEUE_MESSAGES.enqueue, { requests: batch })));
      return answers;
    },
    async cancel(fleet, args) {
      try {
        return await client().workflow.getHandle(queueWorkflowId(fleet)).executeUpdate<{ itemIds: string[] }, [CancelArgs]>(QUEUE_MESSAGES.cancel, { args: [args] });
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return { itemIds: [] };
        throw error;
      }
    },
  };
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
