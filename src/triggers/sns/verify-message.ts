import { verify } from 'node:crypto';
import type { SigningCertificates } from './signing-certificates';
import { signedText } from './sns-message';
import type { SnsMessage } from './sns-message';
import { SnsRefusal } from './sns-refusal';
import { whyNoConfirmUrl, whyNoSigningUrl } from './sns-urls';

/** This machine's clock may be behind SNS's by so much. */
const AHEAD_MS = 5 * 60_000;

export interface VerifyOptions {
  /** Topics that are listened to, and no others. */
  readonly topicArns: readonly string[];
  readonly certificates: Pick<SigningCertificates, 'get'>;
  /** Messages that were sent longer ago are refused. */
  readonly windowMs: number;
  readonly nowMs: number;
}

/** Believes a message, or says why not. What costs nothing is checked first. @throws SnsRefusal; another error where the certificate cannot be fetched */
export async function verifyMessage(message: SnsMessage, { topicArns, certificates, windowMs, nowMs }: VerifyOptions): Promise<void> {
  const { TopicArn: topicArn, sentAtMs, SigningCertURL: certificateUrl } = message;
  if (!topicArns.includes(topicArn)) throw new SnsRefusal(`TopicArn: nobody listens to ${topicArn}`);
  if (nowMs - sentAtMs > windowMs) throw new SnsRefusal(`Timestamp: it was sent ${Math.round((nowMs - sentAtMs) / 1000)} s ago`);
  if (sentAtMs - nowMs > AHEAD_MS) throw new SnsRefusal('Timestamp: it lies ahead of the clock');
  const wrongUrl = whyNoSigningUrl(certificateUrl, topicArn) ?? (message.Type === 'Notification' ? null : whyNoConfirmUrl(message.SubscribeURL, topicArn));
  if (wrongUrl !== null) throw new SnsRefusal(wrongUrl);
  const certificate = await certificates.get(certificateUrl, topicArn);
  const digest = message.SignatureVersion === '1' ? 'sha1' : 'sha256';
  if (!verify(digest, Buffer.from(signedText(message), 'utf8'), certificate.publicKey, Buffer.from(message.Signature, 'base64'))) throw new SnsRefusal('Signature: it is not of this message');
}
