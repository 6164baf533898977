import { ActivityCancellationType } from '@temporalio/workflow';
import type { ActivityOptions } from '@temporalio/workflow';

/**
 * Reads and acts on AWS. An act that was begun is waited for even when the workflow is cancelled: an undo that runs
 * beside its own act would look before there is something to find.
 */
export const ACT: ActivityOptions = {
  startToCloseTimeout: '60s',
  scheduleToCloseTimeout: '10m',
  heartbeatTimeout: '5s',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '15s' },
};

/** Forecasting reads two weeks of metrics and fits models. */
export const SLOW_READ: ActivityOptions = {
  startToCloseTimeout: '3m',
  scheduleToCloseTimeout: '10m',
  heartbeatTimeout: '10s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '15s' },
};

/** Writes gigabytes block by block, with a beat for each few. An attempt begins anew, so that they come further apart. */
export const LONG_ACT: ActivityOptions = {
  ...ACT,
  startToCloseTimeout: '12h',
  scheduleToCloseTimeout: '24h',
  heartbeatTimeout: '60s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '10m' },
};

/** Reads gigabytes block by block. */
export const LONG_READ: ActivityOptions = {
  ...ACT,
  startToCloseTimeout: '12h',
  scheduleToCloseTimeout: '24h',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '5m' },
};

/** Undoes get longer than their acts: giving up leaves something behind. */
export const UNDO: ActivityOptions = {
  startToCloseTimeout: '60s',
  scheduleToCloseTimeout: '30m',
  heartbeatTimeout: '5s',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '30s' },
};

/** Polls by retry, which does not grow the history. */
export function waitEvery(pollMs: number): ActivityOptions {
  return {
    startToCloseTimeout: '20s',
    scheduleToCloseTimeout: '20m',
    heartbeatTimeout: '5s',
    retry: { initialInterval: pollMs, backoffCoefficient: 1, maximumInterval: pollMs },
  };
}

/** Calls an activity with a sentence that the Temporal UI shows beside it. */
export async function say<A, R>(activity: (args: A) => Promise<R>, summary: string, args: A): Promise<R> {
  const callable = activity as unknown as { executeWithOptions(options: { summary: string }, args: [A]): Promise<R> };
  return callable.executeWithOptions({ summary: summary.slice(0, 190) }, [args]);
}
