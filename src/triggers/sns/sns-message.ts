import { z } from 'zod';
import { awsTime } from '../envelopes/times';

const base = {
  MessageId: z.string().min(1).max(200),
  TopicArn: z.string().regex(/^arn:aws[a-z-]*:sns:[a-z0-9-]{1,30}:\d{12}:[\w-]{1,256}$/, 'expected the ARN of a topic'),
  Message: z.string().max(262_144),
  /** As it is signed. */
  Timestamp: z.string().max(40),
  SignatureVersion: z.enum(['1', '2']),
  Signature: z.string().min(1).max(4_096).regex(/^[A-Za-z0-9+/]+={0,2}$/, 'expected base64'),
  SigningCertURL: z.string().min(1).max(500),
};
const confirmation = { ...base, Token: z.string().min(1).max(2_000), SubscribeURL: z.string().min(1).max(4_000) };

/** What SNS posts to an HTTPS endpoint. */
export const snsMessageShape = z
  .discriminatedUnion('Type', [
    z.object({ ...base, Type: z.literal('Notification'), Subject: z.string().max(1_000).optional() }),
    z.object({ ...confirmation, Type: z.literal('SubscriptionConfirmation') }),
    z.object({ ...confirmation, Type: z.literal('UnsubscribeConfirmation') }),
  ])
  .transform((message, context) => {
    const sent = awsTime.safeParse(message.Timestamp);
    if (sent.success) return { ...message, sentAtMs: sent.data };
    context.addIssue({ code: 'custom', path: ['Timestamp'], message: 'expected a time such as 2026-11-26T10:00:00.000Z' });
    return z.NEVER;
  });

export type SnsMessage = z.infer<typeof snsMessageShape>;

/** The text that SNS signs, as its documentation says: these fields with their values, a line each. */
export function signedText(message: SnsMessage): string {
  const fields: Readonly<Record<string, string | undefined>> =
    message.Type === 'Notification'
      ? { Message: message.Message, MessageId: message.MessageId, Subject: message.Subject, Timestamp: message.Timestamp, TopicArn: message.TopicArn, Type: message.Type }
      : { Message: message.Message, MessageId: message.MessageId, SubscribeURL: message.SubscribeURL, Timestamp: message.Timestamp, Token: message.Token, TopicArn: message.TopicArn, Type: message.Type };
  return Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [`${name}\n${value}\n`])).join('');
}
