import { GetQueueAttributesCommand, ReceiveMessageCommand, SendMessageBatchCommand, DeleteMessageBatchCommand } from '@aws-sdk/client-sqs';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Client } from '@temporalio/client';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Wired } from '../../../src/adapters/aws/trigger-wiring';
import type { Storm } from './alarm-storm';
import { until } from './until';

const BATCH = 10;
const SENDERS = 4;
/** moto looks at every message of a queue in each call: a long queue would measure that alone. */
const MOST_LEFT = 100;
const LOOK_EVERY = 4;
const EMPTY_WITHIN_MS = 15 * 60_000;

/** Sends all, no faster than they are taken. */
export async function sendAll(sqs: SQSClient, queueUrl: string, bodies: readonly string[]): Promise<void> {
  let at = 0;
  const send = async (): Promise<void> => {
    for (let sent = 1; at < bodies.length; sent += 1) {
      while (sent % LOOK_EVERY === 0 && (await left(sqs, queueUrl)) > MOST_LEFT) await sleep(50);
      const some = bodies.slice(at, (at += BATCH));
      // Another sender may have taken the last ones meanwhile.
      if (some.length === 0) return;
      const answer = await sqs.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: some.map((MessageBody, i) => ({ Id: String(i), MessageBody })) }));
      if ((answer.Failed ?? []).length > 0) throw new Error('a message was not sent');
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, send));
}

/** Messages that are there, hidden ones as well. */
export async function left(sqs: SQSClient, queueUrl: string): Promise<number> {
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] }));
  return Number(Attributes?.ApproximateNumberOfMessages) + Number(Attributes?.ApproximateNumberOfMessagesNotVisible);
}

export async function untilEmpty(sqs: SQSClient, queueUrl: string): Promise<void> {
  await until('the queue is empty', async () => ((await left(sqs, queueUrl)) === 0 ? true : undefined), EMPTY_WITHIN_MS);
}

/** Everything in the dead-letter queue: body and reason. */
export async function deadLetters(sqs: SQSClient, { deadLetterUrl }: Wired): Promise<readonly { readonly body: string; readonly reason: string }[]> {
  const found: { body: string; reason: string }[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: deadLetterUrl, MaxNumberOfMessages: BATCH, MessageAttributeNames: ['All'] }));
    if (Messages.length === 0) return found;
    found.push(...Messages.map(({ Body = '', MessageAttributes }) => ({ body: Body, reason: MessageAttributes?.['foreshift-reason']?.StringValue ?? '' })));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: deadLetterUrl, Entries: Messages.map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle })) }));
  }
}

/** Ids of all workflows that incidents started, one for each run. Visibility is a moment behind. */
export async function startedByTriggers(client: Client): Promise<readonly string[]> {
  await sleep(3_000);
  const ids: string[] = [];
  for await (const { workflowId } of client.workflow.list({ query: 'WorkflowId STARTS_WITH "trigger/"', pageSize: 1_000 })) ids.push(workflowId);
  return ids;
}

export interface StormVerdict {
  readonly lost: number;
  readonly doubled: number;
  readonly unexpected: number;
  readonly passingStarted: number;
}

export function judgeStorm({ real, passing }: Pick<Storm, 'real' | 'passing'>, started: readonly string[]): StormVerdict {
  const times = new Map<string, number>();
  for (const id of started) times.set(id, (times.get(id) ?? 0) + 1);
  return {
    lost: [...real].filter((id) => !times.has(id)).length,
    doubled: [...times.values()].filter((count) => count > 1).length,
    unexpected: [...times.keys()].filter((id) => !real.has(id) && !passing.has(id)).length,
    passingStarted: [...times.keys()].filter((id) => passing.has(id)).length,
  };
}
