import { ApplicationFailure, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  ChildWorkflowCancellationType,
  ParentClosePolicy,
  setCurrentDetails,
  setHandler,
  startChild,
} from '@temporalio/workflow';
import { migrationWorkflowId } from '../../contracts/workflow-ids';
import { pauseSignal, requestAbortSignal, resumeSignal } from './controls';

/**
 * A start under any other workflow id (the Temporal UI makes one up) hands over to the id that is the instance's lock,
 * passes on what operators say, and answers with its result.
 */
export async function delegateToLockHolder<I extends { readonly instanceId: string }, R>(workflowType: string, input: I, summary: string): Promise<R> {
  const workflowId = migrationWorkflowId(input.instanceId);
  try {
    const holder = await startChild<(input: I) => Promise<R>>(workflowType, {
      args: [input],
      workflowId,
      parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
      cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
      staticSummary: summary,
    });
    setCurrentDetails(`Runs as **${workflowId}**: status, approve and abort are answered there.`);
    setHandler(pauseSignal, () => holder.signal(pauseSignal));
    setHandler(resumeSignal, () => holder.signal(resumeSignal));
    setHandler(requestAbortSignal, (args) => holder.signal(requestAbortSignal, args));
    return await holder.result();
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    throw ApplicationFailure.create({
      type: 'Conflict',
      nonRetryable: true,
      message: `instance ${input.instanceId} is already being migrated by workflow ${workflowId}`,
    });
  }
}
