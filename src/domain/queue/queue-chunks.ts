import { EMPTY_QUEUE } from './queue-state';
import type { EndedItem, QueueState, QueuedItem, RunningMove } from './queue-state';

/** A part of a queue's state. The lists of all parts, in their order, are the lists of the whole. */
export interface QueueChunk {
  readonly rest?: Omit<QueueState, 'queued' | 'running' | 'ended'>;
  readonly queued?: readonly QueuedItem[];
  readonly running?: readonly RunningMove[];
  readonly ended?: readonly EndedItem[];
}

/** A character of JSON is three bytes at most (a pair of surrogates four): a chunk stays below 64 KiB whatever it says. */
const MOST_CHARACTERS = 21_000;

/** Splits a state into parts of less than 64 KiB each: what Temporal carries from one run into the next. */
export function splitQueue({ queued, running, ended, ...rest }: QueueState): QueueChunk[] {
  return [{ rest }, ...inChunks(queued).map((part) => ({ queued: part })), ...inChunks(running).map((part) => ({ running: part })), ...inChunks(ended).map((part) => ({ ended: part }))];
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

function inChunks<T>(items: readonly T[]): T[][] {
  const chunks: T[][] = [];
  let size = Infinity;
  for (const item of items) {
    const length = JSON.stringify(item).length + 1;
    if (size + length > MOST_CHARACTERS) {
      chunks.push([]);
      size = 0;
    }
    chunks.at(-1)?.push(item);
    size += length;
  }
  return chunks;
}
