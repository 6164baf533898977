import type { CancelArgs, EnqueueAnswer } from '../contracts/migration-queue';
import type { MoveRequest } from '../domain/queue/move-request';

/** A fleet's queue; it is started where it is not there. */
export interface QueueClient {
  enqueue(fleet: string, requests: readonly MoveRequest[]): Promise<readonly EnqueueAnswer[]>;
  /** Nothing where there is no queue. */
  cancel(fleet: string, args: CancelArgs): Promise<{ readonly itemIds: readonly string[] }>;
}
