import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { rootCertificates } from 'node:tls';
import { fetchBounded } from '../../adapters/http/fetch-bounded';
import type { Intake } from '../../triggers/intake';
import { createSnsEndpoint } from '../../triggers/sns/answer-post';
import type { PostAnswer } from '../../triggers/sns/answer-post';
import { listenForSns } from '../../triggers/sns/http-server';
import type { ListeningServer } from '../../triggers/sns/http-server';
import { isLoopback } from '../is-loopback';
import { WrongUsage } from '../report-failure';

export interface ListenOptions {
  readonly listen?: string;
  readonly topic: readonly string[];
  readonly tlsCert?: string;
  readonly tlsKey?: string;
}

/** SNS tries for an hour where an endpoint's policy says nothing else. */
const WINDOW_MS = 3_600_000;

/** Says what is wrong before anything is opened. @throws WrongUsage */
export function checkListenOptions({ listen, topic, tlsCert, tlsKey }: ListenOptions): void {
  if (listen === undefined) return;
  const { host } = addressOf(listen);
  if (topic.length === 0) throw new WrongUsage('--listen needs --topic: the topics that may post');
  if ((tlsCert === undefined) !== (tlsKey === undefined)) throw new WrongUsage('--tls-cert and --tls-key go together');
  if (tlsCert === undefined && !isLoopback(host)) throw new WrongUsage(`--listen is ${listen}; expected --tls-cert and --tls-key, or an address of this machine alone such as 127.0.0.1:8080 for a proxy that ends TLS`);
}

/** Listens for SNS, where that is asked for. */
export async function openListener({ listen, topic, tlsCert, tlsKey }: ListenOptions, intake: Intake, onAnswer: (answer: PostAnswer) => void): Promise<ListeningServer | null> {
  if (listen === undefined) return null;
  const tls = tlsCert === undefined || tlsKey === undefined ? null : { cert: await readFile(tlsCert), key: await readFile(tlsKey) };
  const roots = rootCertificates.map((pem) => new X509Certificate(pem));
  const answer = createSnsEndpoint(intake, { topicArns: topic, windowMs: WINDOW_MS, roots, fetch: fetchBounded, now: Date.now });
  return listenForSns({ ...addressOf(listen), tls, answer, onAnswer });
}

function addressOf(text: string): { readonly host: string; readonly port: number } {
  const [, bracketed, plain = '', port] = /^(?:\[([0-9a-f:]+)\]|([\d.]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (isIP(host) === 0 || Number(port) > 65_535) throw new WrongUsage(`--listen is "${text}"; expected an IP address and a port, such as 127.0.0.1:8443`);
  return { host, port: Number(port) };
}
