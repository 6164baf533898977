import type { TestWorkflowEnvironment } from '@temporalio/testing';

/**
 * The server that skips time now and then (about one workflow in a few hundred, on a loaded machine more) retries a failing
 * activity without an end, whatever its schedule-to-close timeout. Its clock is of no use to any later test while such a
 * workflow is open. It is terminated, so that the others go on, and its test is run once more at the end of its file.
 */
jest.retryTimes(2, { logErrorsBeforeRetry: true });

/** Results that do not come within so many milliseconds of real time end their workflow and are errors. */
export function withinDeadline(env: TestWorkflowEnvironment, deadlineMs: number): TestWorkflowEnvironment {
  const { workflow } = env.client;
  const resultOf = workflow.result.bind(workflow);
  workflow.result = async (...args: Parameters<typeof resultOf>) => {
    const ends: Promise<unknown>[] = [];
    const deadline = setTimeout(() => {
      ends.push(workflow.getHandle(args[0]).terminate('the server that skips time goes round in circles').catch(() => undefined));
    }, deadlineMs);
    try {
      return await resultOf(...args);
    } catch (error) {
      if (ends.length === 0) throw error;
      throw new Error(`${args[0]} did not end within ${deadlineMs / 1000} s and was terminated`, { cause: error });
    } finally {
      clearTimeout(deadline);
      // A call that is still on its way when the server is stopped would end the next file's tests.
      await Promise.all(ends);
    }
  };
  return env;
}
