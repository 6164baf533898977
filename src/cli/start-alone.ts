import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { Client, Workflow, WorkflowHandle } from '@temporalio/client';

/** Temporal keeps 200 bytes of it. */
const LONGEST_SUMMARY = 190;

interface Start {
  readonly taskQueue: string;
  readonly workflowId: string;
  readonly input: object;
  readonly summary: string;
}

/** Starts a workflow whose id is a lock. @throws Error `whereItRuns` where another runs under it */
export async function startAlone(client: Client, workflowType: string, { taskQueue, workflowId, input, summary }: Start, whereItRuns: string): Promise<WorkflowHandle<Workflow> & { readonly firstExecutionRunId: string }> {
  return client.workflow.start(workflowType, { taskQueue, workflowId, args: [input], staticSummary: summary.slice(0, LONGEST_SUMMARY) }).catch((error: unknown) => {
    if (error instanceof WorkflowExecutionAlreadyStartedError) throw new Error(whereItRuns);
    throw error;
  });
}
