import { WorkflowNotFoundError } from '@temporalio/client';
import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import type { RunDirectory } from '../../activities/owned-resource-port';
import { retryableFailure } from '../../contracts/errors';
import type { RunSight } from '../../domain/recovery/owner-state';

/** Asks Temporal for the runs of workflows. What it cannot be asked is no answer: the call fails. */
export function createRunDirectory(client: () => Client): RunDirectory {
  const describe = async (workflowId: string, runId?: string): Promise<WorkflowExecutionDescription | null> => {
    try {
      return await client().workflow.getHandle(workflowId, runId).describe();
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return null;
      throw retryableFailure('Unavailable', `${workflowId} cannot be looked at: ${String(error)}`, error instanceof Error ? error : undefined);
    }
  };
  return {
    async look({ workflowId, runId }) {
      const newest = await describe(workflowId);
      // Another run of the same workflow holds the same lock: what an earlier one left is its to work with.
      if (newest !== null && isOpen(newest)) return { kind: 'open' };
      // One that was continued as new is another run of the same chain, which ends with the newest.
      if (newest !== null && (newest.raw.workflowExecutionInfo?.firstRunId || newest.runId) === runId) return closedAs(newest);
      const own = await describe(workflowId, runId);
      if (own === null) return { kind: 'unknown' };
      return isOpen(own) ? { kind: 'open' } : closedAs(own);
    },
  };
}

function isOpen({ status }: WorkflowExecutionDescription): boolean {
  return status.name === 'RUNNING' || status.name === 'PAUSED';
}

/** Without a time of its end it has only just ended. */
function closedAs({ status, closeTime, runId }: WorkflowExecutionDescription): RunSight {
  return { kind: 'closed', status: status.name, atMs: closeTime?.getTime() ?? Date.now(), lastRunId: runId };
}
