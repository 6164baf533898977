import { ApplicationFailure } from '@temporalio/common';

/** Business errors: repeating the call cannot help, a decision has to be taken. */
export const BUSINESS_ERRORS = [
  'InvalidInput',
  'NotFound',
  'Unauthorized',
  'InsufficientCapacity',
  'QuotaExceeded',
  'Conflict',
  'StaleDecision',
  'VerificationFailed',
  'BudgetExceeded',
] as const;

/** Errors of the moment: Temporal repeats the activity. */
export const RETRYABLE_ERRORS = ['Throttled', 'Unavailable', 'NotReadyYet'] as const;

export type BusinessError = (typeof BUSINESS_ERRORS)[number];
export type RetryableError = (typeof RETRYABLE_ERRORS)[number];
export type ForeshiftErrorType = BusinessError | RetryableError;

/** A failure that ends the activity at once and that a workflow may branch on by `type`. */
export function businessFailure(type: BusinessError, message: string, cause?: Error): ApplicationFailure {
  return ApplicationFailure.create({ type, message, nonRetryable: true, ...(cause ? { cause } : {}) });
}

/** A failure that Temporal retries within the activity's bounds. */
export function retryableFailure(type: RetryableError, message: string, cause?: Error): ApplicationFailure {
  return ApplicationFailure.create({ type, message, nonRetryable: false, ...(cause ? { cause } : {}) });
}

/** Whether it is a failure of one of these types; of a failure that crossed an activity's boundary as well. */
export function isFailure(error: unknown, ...types: readonly ForeshiftErrorType[]): boolean {
  return types.some((type) => type === (error as { readonly type?: string }).type);
}

/** For `catch`: what does not exist is null; every other failure goes on. */
export function nullIfNotFound(error: unknown): null {
  if (isFailure(error, 'NotFound')) return null;
  throw error;
}
