import { setTimeout as sleep } from 'node:timers/promises';
import type { Intake, MessageEnd } from './intake';
import type { MessageQueue, QueueMessage } from './ports';

export interface ConsumeOptions {
  /** Long polls that run side by side. */
  readonly pollers: number;
  readonly waitSeconds: number;
  /** How long a message is hidden; renewed while it is worked on. */
  readonly hiddenSeconds: number;
  /** A message that failed so often by its own fault goes to the dead-letter queue. */
  readonly mostReceives: number;
  readonly longestBackoffMs: number;
}

export const DEFAULT_CONSUME_OPTIONS: ConsumeOptions = { pollers: 4, waitSeconds: 20, hiddenSeconds: 60, mostReceives: 5, longestBackoffMs: 30_000 };

export interface ConsumerEvents {
  readonly onEnd: (message: QueueMessage, end: MessageEnd) => void;
  readonly onTrouble: (sentence: string) => void;
}

/** Takes messages from a queue until the signal; what is in work then is finished. A message is removed only when its end is `done`, or a copy lies in the dead-letter queue. */
export async function consumeQueue(queue: MessageQueue, intake: Intake, options: ConsumeOptions, events: ConsumerEvents, signal: AbortSignal): Promise<void> {
  await Promise.all(Array.from({ length: options.pollers }, () => poll(queue, intake, options, events, signal)));
}

async function poll(queue: MessageQueue, intake: Intake, options: ConsumeOptions, events: ConsumerEvents, signal: AbortSignal): Promise<void> {
  let troubles = 0;
  while (!signal.aborted) {
    try {
      const messages = await queue.receive({ ...options, signal });
      const away = messages.length > 0 && (await work(queue, intake, messages, options, events));
      troubles = away ? troubles + 1 : 0;
    } catch (error) {
      events.onTrouble(error instanceof Error ? error.message : String(error));
      troubles += 1;
    }
    // While something is away nothing more is taken: it would only be received in vain.
    if (troubles > 0) await sleep(backoffMs(troubles, options), undefined, { signal }).catch(() => undefined);
  }
}

/** Returns whether something that is needed was away. */
async function work(queue: MessageQueue, intake: Intake, messages: readonly QueueMessage[], options: ConsumeOptions, events: ConsumerEvents): Promise<boolean> {
  const { hiddenSeconds } = options;
  const renewal = setInterval(() => void queue.hide(messages, hiddenSeconds).catch((error: unknown) => events.onTrouble(String(error))), (hiddenSeconds * 1_000) / 3);
  let ends: readonly MessageEnd[];
  try {
    ends = await intake.handle(messages.map(({ body }) => body));
  } finally {
    clearInterval(renewal);
  }
  const removed: QueueMessage[] = [];
  let away = false;
  for (const [i, message] of messages.entries()) {
    const end = ends[i];
    if (end === undefined) continue;
    const why = end.kind === 'done' ? null : buriedBecause(end, message, options);
    if (why !== null) await queue.bury(message, why);
    if (end.kind === 'done' || why !== null) removed.push(message);
    else await queue.hide([message], Math.ceil(backoffMs(message.receiveCount, options) / 1_000));
    away ||= end.kind === 'failed' && end.away;
    events.onEnd(message, end);
  }
  if (removed.length > 0) await queue.remove(removed);
  return away;
}

/** The reason to give a message up; null: it is tried again. */
function buriedBecause(end: Exclude<MessageEnd, { kind: 'done' }>, { receiveCount }: QueueMessage, { mostReceives }: ConsumeOptions): string | null {
  if (end.kind === 'garbage') return `not understood: ${end.reason}`;
  if (end.away || receiveCount < mostReceives) return null;
  return `failed ${receiveCount} times: ${end.reason}`;
}

/** Doubles from a second, and varies, so that many do not come back at once. */
function backoffMs(times: number, { longestBackoffMs }: ConsumeOptions): number {
  return Math.min(longestBackoffMs, 1_000 * 2 ** Math.min(times - 1, 10)) * (0.75 + Math.random() / 2);
}
