import { inPayloads } from '../in-payloads';
import { EMPTY_QUEUE } from './queue-state';
import type { EndedItem, QueueState, QueuedItem, RunningMove } from './queue-state';

/** A part of a queue's state. The lists of all parts, in their order, are the lists of the whole. */
export interface QueueChunk {
  readonly rest?: Omit<QueueState, 'queued' | 'running' | 'ended'>;
  readonly queued?: readonly QueuedItem[];
  readonly running?: readonly RunningMove[];
  readonly ended?: readonly EndedItem[];
}

/** Splits a state into parts of less than 64 KiB each: what Temporal carries from one run into the next. */
export function splitQueue({ queued, running, ended, ...rest }: QueueState): QueueChunk[] {
  return [{ rest }, ...inPayloads(queued).map((part) => ({ queued: part })), ...inPayloads(running).map((part) => ({ running: part })), ...inPayloads(ended).map((part) => ({ ended: part }))];
}

/** The whole of the parts. No parts are an empty queue. */
export function joinQueue(chunks: readonly QueueChunk[]): QueueState {
  return {
    ...EMPTY_QUEUE,
    ...chunks.reduce((rest, chunk) => ({ ...rest, ...chunk.rest }), {}),
    queued: chunks.flatMap((chunk) => chunk.queued ?? []),
    running: chunks.flatMap((chunk) => chunk.running ?? []),
    ended: chunks.flatMap((chunk) => chunk.ended ?? []),
  };
}
