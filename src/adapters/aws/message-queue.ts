import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { businessFailure, retryableFailure } from '../../contracts/errors';
import type { MessageQueue, QueueMessage } from '../../triggers/ports';
import { callAws } from './translate-error';

const MOST_IN_CALL = 10;
/** SQS counts attributes as part of the message. */
const LONGEST_REASON = 1_000;

/** An SQS queue with its dead-letter queue. @param queue name or URL @throws NotFound where it is not there, or has no dead-letter queue */
export async function openMessageQueue(sqs: SQSClient, queue: string): Promise<MessageQueue> {
  const urlOf = (name: string): Promise<string> => callAws(`find the queue ${name}`, async () => (await sqs.send(new GetQueueUrlCommand({ QueueName: name }))).QueueUrl ?? '');
  const url = /^https?:\/\//.test(queue) ? queue : await urlOf(queue);
  const attributes = await callAws(`read the queue ${queue}`, () => sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['RedrivePolicy'] })));
  const deadName = deadLetterNameOf(attributes.Attributes?.['RedrivePolicy']);
  if (deadName === null) throw businessFailure('NotFound', `the queue ${queue} has no dead-letter queue; "foreshift triggers install" makes both`);
  const deadUrl = await urlOf(deadName);

  return {
    receive: ({ waitSeconds, hiddenSeconds, signal }) =>
      callAws('receive messages', async () => {
        const command = new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: MOST_IN_CALL, WaitTimeSeconds: waitSeconds, VisibilityTimeout: hiddenSeconds, MessageSystemAttributeNames: ['ApproximateReceiveCount'] });
        const { Messages = [] } = await sqs.send(command, { abortSignal: signal }).catch((error: unknown) => {
          if (signal.aborted) return { Messages: [] };
          throw error;
        });
        return Messages.map(({ MessageId, Body, ReceiptHandle, Attributes }): QueueMessage => ({ messageId: MessageId ?? '', body: Body ?? '', receiptHandle: ReceiptHandle ?? '', receiveCount: Number(Attributes?.ApproximateReceiveCount ?? 1) }));
      }),
    remove: (messages) =>
      inCalls(messages, async (some) => {
        const answer = await callAws('remove messages', () => sqs.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries: some.map(({ receiptHandle }, i) => ({ Id: String(i), ReceiptHandle: receiptHandle })) })));
        if ((answer.Failed ?? []).length > 0) throw retryableFailure('Unavailable', `remove messages: ${answer.Failed?.[0]?.Message ?? 'refused'}`);
      }),
    hide: (messages, hiddenSeconds) =>
      inCalls(messages, async (some) => {
        // A message that is no longer ours cannot be hidden, and need not be.
        await callAws('hide messages', () => sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: url, Entries: some.map(({ receiptHandle }, i) => ({ Id: String(i), ReceiptHandle: receiptHandle, VisibilityTimeout: hiddenSeconds })) })));
      }),
    async bury({ body, messageId }, reason) {
      const text = (value: string): { DataType: string; StringValue: string } => ({ DataType: 'String', StringValue: plainText(value) });
      await callAws('bury a message', () => sqs.send(new SendMessageCommand({ QueueUrl: deadUrl, MessageBody: body, MessageAttributes: { 'foreshift-reason': text(reason), 'foreshift-message-id': text(messageId) } })));
    },
  };
}

function deadLetterNameOf(policy: string | undefined): string | null {
  if (policy === undefined) return null;
  const { deadLetterTargetArn } = JSON.parse(policy) as { readonly deadLetterTargetArn?: string };
  return deadLetterTargetArn?.split(':').at(-1) ?? null;
}

async function inCalls(messages: readonly QueueMessage[], call: (some: readonly QueueMessage[]) => Promise<void>): Promise<void> {
  for (let from = 0; from < messages.length; from += MOST_IN_CALL) await call(messages.slice(from, from + MOST_IN_CALL));
}

/** An attribute takes no control characters, and is never empty. */
function plainText(value: string): string {
  const plain = value.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, LONGEST_REASON);
  return plain === '' ? '(none)' : plain;
}
