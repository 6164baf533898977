import type { MoveRequest } from '../domain/queue/move-request';
import type { QueuePolicy } from '../domain/queue/queue-policy';

export const MIGRATION_QUEUE = 'migrationQueue';

/** Names of the queue's messages, for clients that do not share the workflow's code. */
export const QUEUE_MESSAGES = {
  enqueue: 'enqueue',
  cancel: 'cancel',
  reprioritize: 'reprioritize',
  pause: 'pause',
  resume: 'resume',
  freeze: 'freeze',
  status: 'status',
} as const;

/** Input of the queue: what differs from the default policy. */
export interface MigrationQueueInput {
  readonly fleet: string;
  readonly policy?: Partial<QueuePolicy>;
}

/** Answer to `enqueue`, one entry a request and in their order: all of a batch is answered, nothing is dropped silently. */
export type EnqueueAnswer =
  | { readonly itemId: string; readonly kind: 'queued'; readonly position: number }
  /** The same id, or another request for the same instance, stands in the queue or runs. */
  | { readonly itemId: string; readonly kind: 'duplicate'; readonly of: string }
  | { readonly itemId: string; readonly kind: 'refused'; readonly reason: string };

export interface EnqueueArgs {
  readonly requests: readonly MoveRequest[];
}
