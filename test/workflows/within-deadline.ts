import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';

/**
 * The server that skips time now and then (about one workflow in a few hundred, on a loaded machine more) retries a failing
 * activity without an end, whatever its schedule-to-close timeout. Its clock is of no use to any later test while such a
 * workflow is open. As rarely it loses an update whose handler waits for a local activity. Such a workflow is terminated, so
 * that the others go on, and its test is run once more at the end of its file.
 */
jest.retryTimes(2, { logErrorsBeforeRetry: true });

/** Results, and answers to updates, that do not come within so many milliseconds of real time end their workflow and are errors. */
export function withinDeadline(env: TestWorkflowEnvironment, deadlineMs: number): TestWorkflowEnvironment {
  const { workflow } = env.client;
  const [resultOf, startOf, handleOf] = [workflow.result.bind(workflow), workflow.start.bind(workflow), workflow.getHandle.bind(workflow)];

  async function orEnded<T>(workflowId: string, what: string, work: () => Promise<T>): Promise<T> {
    const ends: Promise<unknown>[] = [];
    const deadline = setTimeout(() => {
      ends.push(handleOf(workflowId).terminate('the server that skips time goes round in circles').catch(() => undefined));
    }, deadlineMs);
    try {
      return await work();
    } catch (error) {
      if (ends.length === 0) throw error;
      throw new Error(`${workflowId} did not ${what} within ${deadlineMs / 1000} s and was terminated`, { cause: error });
    } finally {
      clearTimeout(deadline);
      // A call that is still on its way when the server is stopped would end the next file's tests.
      await Promise.all(ends);
    }
  }

  function guarded<H extends Pick<WorkflowHandle, 'workflowId' | 'executeUpdate'>>(handle: H): H {
    const executeUpdate = handle.executeUpdate.bind(handle) as (...args: unknown[]) => Promise<unknown>;
    return Object.assign(handle, { executeUpdate: (...args: unknown[]) => orEnded(handle.workflowId, 'answer an update', () => executeUpdate(...args)) });
  }

  workflow.result = (...args: Parameters<typeof resultOf>) => orEnded(args[0], 'end', () => resultOf(...args));
  workflow.start = (async (...args: Parameters<typeof startOf>) => guarded(await startOf(...args))) as typeof workflow.start;
  workflow.getHandle = ((...args: Parameters<typeof handleOf>) => guarded(handleOf(...args))) as typeof workflow.getHandle;
  return env;
}
