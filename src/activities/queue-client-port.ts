import type { CancelArgs, EnqueueAnswer } from '../contracts/migration-queue';
import type { MoveOutlook } from '../domain/queue/adjust-moves';
import type { MoveRequest } from '../domain/queue/move-request';

/** A fleet's queue; it is started where it is not there. */
export interface QueueClient {
  enqueue(fleet: string, requests: readonly MoveRequest[]): Promise<readonly EnqueueAnswer[]>;
  /** Nothing where there is no queue. */
  cancel(fleet: string, args: CancelArgs): Promise<{ readonly itemIds: readonly string[] }>;
  /** Tells it what is newly predicted of the instances that wait in it or move; returns how many those are. Nothing where there is no queue. */
  predict(fleet: string, outlooks: readonly MoveOutlook[]): Promise<number>;
}
