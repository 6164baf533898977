import { businessFailure, retryableFailure } from '../../contracts/errors';
import type { BusinessError, RetryableError } from '../../contracts/errors';

const BUSINESS: readonly (readonly [RegExp, BusinessError])[] = [
  [/^(InsufficientInstanceCapacity|InsufficientCapacity|InsufficientHostCapacity|ReservationCapacityExceeded|Unsupported)$/, 'InsufficientCapacity'],
  [/(LimitExceeded|QuotaExceeded|VcpuLimitExceeded|TooManyTargetGroups|TooManyTargets|TooManyRules)$/, 'QuotaExceeded'],
  [/(\.NotFound|NotFoundException|NotFound|\.Malformed|\.Unknown)$/, 'NotFound'],
  [/^(UnauthorizedOperation|AccessDenied.*|AuthFailure|InvalidClientTokenId|SignatureDoesNotMatch)$/, 'Unauthorized'],
  [/^(Idempotent.*Mismatch|IncorrectState|IncorrectInstanceState|OperationNotPermitted|VolumeInUse|DuplicateTargetGroupName|PriorityInUse|InvalidAMIName\.Duplicate)$/, 'Conflict'],
  [/^(InvalidParameter.*|Invalid.*|Missing.*|Validation.*|UnknownOperationException|DryRunOperation)$/, 'InvalidInput'],
];
const RETRYABLE: readonly (readonly [RegExp, RetryableError])[] = [
  // Deleting what was only just let go of: the balancer still counts it as used for a moment.
  [/^ResourceInUse$/, 'NotReadyYet'],
  // Auto Scaling at work on an earlier change of the same group.
  [/^(ResourceContention|ScalingActivityInProgress)(Fault)?$/, 'NotReadyYet'],
  [/^(RequestLimitExceeded|ConcurrentLimitExceeded|RequestThrottled.*|Throttling.*|ThrottledException|TooManyRequestsException|SlowDown)$/, 'Throttled'],
  [/^(InternalError|InternalFailure|ServiceUnavailable.*|Unavailable|TimeoutError|RequestTimeout|NetworkingError|ECONNRESET|ECONNREFUSED|EPIPE|ETIMEDOUT|ENOTFOUND|InternalServerException)$/, 'Unavailable'],
];

/** Turns an AWS SDK error into one of ours; what it does not know is thrown on as it is: a bug stays loud. */
export function translateAwsError(error: unknown, doing: string): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  const code = codeOf(error);
  // The SDK names some errors by AWS's code and some by code + "Exception".
  const names = [code, code.replace(/Exception$/, '')];
  const sentence = `${doing}: ${code}: ${error.message}`;
  // Throttling first: "RequestLimitExceeded" is a matter of the moment, "VcpuLimitExceeded" is not.
  for (const [pattern, type] of RETRYABLE) if (names.some((name) => pattern.test(name))) return retryableFailure(type, sentence);
  for (const [pattern, type] of BUSINESS) if (names.some((name) => pattern.test(name))) return businessFailure(type, sentence);
  if (statusOf(error) >= 500) return retryableFailure('Unavailable', sentence);
  return error;
}

/** Runs one AWS call and translates what it throws. */
export async function callAws<T>(doing: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw translateAwsError(error, doing);
  }
}

/** AWS's error code, or Node's for a connection that failed. */
export function codeOf(error: Error): string {
  const systemCode = (error as NodeJS.ErrnoException).code;
  return error.name === 'Error' && systemCode !== undefined ? systemCode : error.name;
}

function statusOf(error: Error): number {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode ?? 0;
}
