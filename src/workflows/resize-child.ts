import { ChildWorkflowFailure, TerminatedFailure } from '@temporalio/common';
import { executeChild, patched } from '@temporalio/workflow';
import { RESIZE_IN_PLACE, type ResizeInPlaceInput, type ResizeResult } from '../contracts/adjust-shape';
import { migrationWorkflowId } from '../contracts/workflow-ids';

const MOST_REASON = 500;

/** Changes an instance's type under its lock. The child undoes what it began; of one that was terminated, another one does. */
export async function resizeByChild({ instanceId, shape, reason, name }: { readonly instanceId: string; readonly shape: string; readonly reason: string; readonly name: string }): Promise<ResizeResult> {
  const run = (staticSummary: string, input: ResizeInPlaceInput): Promise<ResizeResult> =>
    executeChild<(input: ResizeInPlaceInput) => Promise<ResizeResult>>(RESIZE_IN_PLACE, { workflowId: migrationWorkflowId(instanceId), args: [input], staticSummary });
  const why = reason.slice(0, MOST_REASON);
  try {
    return await run(`Make ${name} a ${shape}`, { instanceId, shape, reason: why });
  } catch (error) {
    if (!(error instanceof ChildWorkflowFailure && error.cause instanceof TerminatedFailure) || !patched('take-back-terminated-resize')) throw error;
    return run(`Take back what was begun with ${name}`, { instanceId, takeBack: true, reason: why });
  }
}
