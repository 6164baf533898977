import { ServiceError, WorkflowExecutionAlreadyStartedError, WorkflowUpdateFailedError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { ApplicationFailure, TypedSearchAttributes } from '@temporalio/common';
import type { QueueClient } from '../../activities/queue-client-port';
import { businessFailure, retryableFailure } from '../../contracts/errors';
import { TRIGGER_ATTRIBUTE } from '../../contracts/search-attributes';
import type { EnqueueAnswer } from '../../domain/queue/enqueue';
import type { MoveRequest } from '../../domain/queue/move-request';
import { MOST_REQUESTS_IN_BATCH } from '../../domain/queue/queue-input';
import { createBatcher } from '../../triggers/batcher';
import type { TriggerTemporal } from '../../triggers/ports';

/** gRPC's INVALID_ARGUMENT: asking again with the same cannot help. */
const INVALID_ARGUMENT = 3;

export interface TriggerTemporalOptions {
  readonly taskQueue: string;
  readonly queues: Pick<QueueClient, 'enqueue' | 'cancel'>;
  /** A call that takes longer is given up; whatever it did is done once, also when it is asked for again. */
  readonly withinMs: number;
}

/** Starts workflows and speaks to queues through a client, each call in bounded time. Wishes that come together go together. */
export function createTriggerTemporal(client: Client, { taskQueue, queues, withinMs }: TriggerTemporalOptions): TriggerTemporal {
  const asking = <T>(what: string, ask: () => Promise<T>): Promise<T> => client.withDeadline(Date.now() + withinMs, ask).catch((error: unknown) => { throw failureOf(what, error); });
  const byFleet = new Map<string, (request: MoveRequest) => Promise<EnqueueAnswer>>();
  const enqueueTo = (fleet: string): ((request: MoveRequest) => Promise<EnqueueAnswer>) => {
    const known = byFleet.get(fleet) ?? createBatcher((requests: readonly MoveRequest[]) => asking(`the queue of fleet ${fleet}`, () => queues.enqueue(fleet, requests)), MOST_REQUESTS_IN_BATCH);
    byFleet.set(fleet, known);
    return known;
  };

  return {
    enqueue: (fleet, request) => enqueueTo(fleet)(request),
    async withdraw(fleet, itemId, reason) {
      const { itemIds } = await asking(`the queue of fleet ${fleet}`, () => queues.cancel(fleet, { itemId, reason, by: 'foreshift:triggers' }));
      return itemIds.length > 0;
    },
    start: ({ workflowType, workflowId, once, input, trigger, reason }) =>
      asking(workflowId, async () => {
        try {
          await client.workflow.start(workflowType, {
            taskQueue,
            workflowId,
            args: [input],
            // The same incident starts nothing twice, also where its workflow has ended since.
            workflowIdReusePolicy: once ? 'REJECT_DUPLICATE' : 'ALLOW_DUPLICATE',
            workflowIdConflictPolicy: 'FAIL',
            typedSearchAttributes: new TypedSearchAttributes([{ key: TRIGGER_ATTRIBUTE, value: trigger }]),
            staticSummary: reason.slice(0, 190),
          });
          return 'started';
        } catch (error) {
          if (error instanceof WorkflowExecutionAlreadyStartedError) return 'known';
          throw error;
        }
      }),
  };
}

function failureOf(what: string, error: unknown): Error {
  const cause = error instanceof WorkflowUpdateFailedError ? error.cause : error;
  if (cause instanceof ApplicationFailure && cause.nonRetryable === true) return businessFailure('InvalidInput', `${what}: ${cause.message}`, cause);
  const known = error instanceof Error ? error : new Error(String(error));
  if (known instanceof ServiceError && (known.cause as { readonly code?: number } | undefined)?.code === INVALID_ARGUMENT) return businessFailure('InvalidInput', `${what}: ${known.message}`, known);
  // Whatever else: nothing is known of the outcome, and asking again does it once.
  return retryableFailure('Unavailable', `${what}: ${known.message}`, known);
}
