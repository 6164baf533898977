import { ApplicationFailure } from '@temporalio/common';

/** Refuses an input or a message that something is wrong with, in its sentences; it is not tried again. */
export function refuseInput(problems: readonly string[]): void {
  if (problems.length > 0) throw ApplicationFailure.create({ type: 'InvalidInput', message: problems.join('; '), nonRetryable: true });
}
