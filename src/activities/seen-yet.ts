import { isFailure, retryableFailure } from '../contracts/errors';

/** EC2 may not know a resource in the first moments after its creation: then it is not ready yet, not missing. */
export async function seenYet<T>(what: string, look: Promise<T>): Promise<T> {
  return look.catch((error: unknown) => {
    if (isFailure(error, 'NotFound')) throw retryableFailure('NotReadyYet', `${what} is not to be seen yet`);
    throw error;
  });
}
