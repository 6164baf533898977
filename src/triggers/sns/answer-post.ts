import type { z } from 'zod';
import type { Intake } from '../intake';
import { ReplayGuard } from './replay-guard';
import { SigningCertificates } from './signing-certificates';
import type { SigningCertificatesOptions } from './signing-certificates';
import { snsMessageShape } from './sns-message';
import type { SnsMessage } from './sns-message';
import { SnsRefusal } from './sns-refusal';
import { verifyMessage } from './verify-message';

export interface SnsEndpointOptions extends SigningCertificatesOptions {
  readonly topicArns: readonly string[];
  readonly windowMs: number;
}

/** SNS tries again after 429 and 5xx, and after nothing else. */
export interface PostAnswer {
  readonly status: 200 | 400 | 403 | 503;
  readonly reason: string;
}

/** Answers what is posted as a message of SNS; never throws. */
export function createSnsEndpoint(intake: Pick<Intake, 'handle'>, options: SnsEndpointOptions): (body: string) => Promise<PostAnswer> {
  const certificates = new SigningCertificates(options);
  const replays = new ReplayGuard(options.windowMs);

  return async (body) => {
    const message = parse(body);
    if (typeof message === 'string') return { status: 400, reason: message };
    const { MessageId: messageId } = message;
    try {
      await verifyMessage(message, { ...options, certificates, nowMs: options.now() });
    } catch (error) {
      if (error instanceof SnsRefusal) return { status: 403, reason: error.message };
      return { status: 503, reason: 'the signing certificate cannot be fetched' };
    }
    if (replays.has(messageId)) return { status: 403, reason: 'MessageId: this message was taken before' };
    replays.add(messageId, options.now());
    const answer = await carryOut(intake, message, options).catch((): PostAnswer => ({ status: 503, reason: 'it cannot be carried out now' }));
    if (answer.status === 503) replays.forget(messageId);
    return answer;
  };
}

async function carryOut(intake: Pick<Intake, 'handle'>, message: SnsMessage, { fetch }: SnsEndpointOptions): Promise<PostAnswer> {
  if (message.Type === 'UnsubscribeConfirmation') return { status: 200, reason: 'the subscription ended; "foreshift triggers install" makes it anew' };
  if (message.Type === 'SubscriptionConfirmation') {
    await fetch(message.SubscribeURL);
    return { status: 200, reason: `subscribed to ${message.TopicArn}` };
  }
  const [end] = await intake.handle([message.Message]);
  if (end?.kind === 'done') return { status: 200, reason: 'taken' };
  return end?.kind === 'garbage' ? { status: 400, reason: end.reason } : { status: 503, reason: end?.reason ?? 'not carried out' };
}

function parse(body: string): SnsMessage | string {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return 'the body is no JSON';
  }
  const read = snsMessageShape.safeParse(value);
  return read.success ? read.data : reasonOf(read.error);
}

function reasonOf({ issues }: z.ZodError): string {
  return issues.slice(0, 3).map(({ path, message }) => `${path.join('.') || 'the body'}: ${message}`).join('; ').slice(0, 300);
}
