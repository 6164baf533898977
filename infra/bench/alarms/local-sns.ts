import { X509Certificate, sign } from 'node:crypto';
import type { Intake, MessageEnd } from '../../../src/triggers/intake';
import { createSnsEndpoint } from '../../../src/triggers/sns/answer-post';
import { SnsRefusal } from '../../../src/triggers/sns/sns-refusal';
import type { PostAnswer } from '../../../src/triggers/sns/answer-post';
import { signedText } from '../../../src/triggers/sns/sns-message';
import type { SnsMessage } from '../../../src/triggers/sns/sns-message';
import { issueAuthority, issueCertificate } from '../../../src/transfer/session/issue-certificate';

export const TOPIC = 'arn:aws:sns:us-east-1:123456789012:alarms';
export const CERTIFICATE_URL = 'https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem';
export const CONFIRM_URL = `https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${TOPIC}&Token=t`;
const AUTHORITY = 'a local authority';

export type Fields = Readonly<Record<string, string>>;

/** SNS with an authority of its own, and an endpoint that believes that authority alone. */
export class LocalSns {
  nowMs = Date.now();
  readonly fetched: string[] = [];
  readonly taken: string[] = [];
  readonly files = new Map<string, Buffer>();
  reachable = true;
  readonly answer: (body: string) => Promise<PostAnswer>;
  readonly keys: { readonly sns: string; readonly other: string; readonly stranger: string };
  private sent = 0;

  constructor(handle?: Intake['handle']) {
    const days = 30;
    const authority = issueAuthority(AUTHORITY, this.nowMs, days);
    const issuer = { name: AUTHORITY, key: authority.key };
    const sns = issueCertificate('sns.amazonaws.com', issuer, this.nowMs, days);
    const other = issueCertificate('www.example.com', issuer, this.nowMs, days);
    const stranger = issueCertificate('sns.amazonaws.com', { name: AUTHORITY, key: issueAuthority(AUTHORITY, this.nowMs, days).key }, this.nowMs, days);
    const expired = issueCertificate('sns.amazonaws.com', issuer, this.nowMs - 60 * 86_400_000, days);
    this.keys = { sns: sns.key, other: other.key, stranger: stranger.key };
    this.files.set(CERTIFICATE_URL, Buffer.from(sns.cert)).set(urlOf('a'), Buffer.from(other.cert)).set(urlOf('b'), Buffer.from(stranger.cert)).set(urlOf('c'), Buffer.from(expired.cert)).set(CONFIRM_URL, Buffer.from('<ConfirmSubscriptionResponse/>'));
    this.answer = createSnsEndpoint(
      { handle: handle ?? ((bodies) => this.take(bodies)) },
      { topicArns: [TOPIC], windowMs: 3_600_000, roots: [new X509Certificate(authority.cert)], now: () => this.nowMs, fetch: (url) => this.fetch(url) },
    );
  }

  /** A message as SNS would send it now, signed after `fields` were put in. */
  message(fields: Fields = {}, key = this.keys.sns): Fields {
    this.sent += 1;
    const usual = { Type: 'Notification', MessageId: `message-${this.sent}`, TopicArn: TOPIC, Message: '{"AlarmName":"cpu"}', Timestamp: new Date(this.nowMs).toISOString(), SignatureVersion: '2', SigningCertURL: CERTIFICATE_URL };
    const unsigned = { ...usual, ...fields };
    const text = signedText({ ...unsigned, sentAtMs: 0 } as unknown as SnsMessage);
    return { ...unsigned, Signature: sign(unsigned.SignatureVersion === '1' ? 'sha1' : 'sha256', Buffer.from(text), key).toString('base64') };
  }

  post(fields: Fields): Promise<PostAnswer> {
    return this.answer(JSON.stringify(fields));
  }

  private async take(bodies: readonly string[]): Promise<readonly MessageEnd[]> {
    this.taken.push(...bodies);
    return bodies.map(() => ({ kind: 'done', decided: [] }));
  }

  private async fetch(url: string): Promise<Buffer> {
    this.fetched.push(url);
    if (!this.reachable) throw new Error('no route');
    const file = this.files.get(url);
    if (file === undefined) throw new SnsRefusal('it answered 404');
    return file;
  }
}

export function urlOf(digit: string): string {
  return `https://sns.us-east-1.amazonaws.com/SimpleNotificationService-${digit.repeat(32)}.pem`;
}
