import { Agent, request } from 'node:http';
import type { RandomStream } from '../../../src/domain/seeded-random';
import { parseMessage } from '../../../src/triggers/parse-message';
import { listenForSns } from '../../../src/triggers/sns/http-server';
import { alarmNotification } from './alarm-bodies';
import { LocalSns } from './local-sns';
import type { Fields } from './local-sns';

const AT_ONCE = 32;
const ODD = ['', 'null', '[]', '{}', '0', '"', '\u0000', '\ud800', '{"__proto__":{"Type":"Notification"}}', '9'.repeat(400), '['.repeat(5_000), '{"a":'.repeat(5_000)];
const NAMES = ['Type', 'MessageId', 'TopicArn', 'Message', 'Timestamp', 'SignatureVersion', 'Signature', 'SigningCertURL', 'Subject', 'Token', 'SubscribeURL', '__proto__', 'constructor'];
const VALUES: readonly unknown[] = ['', 'Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation', '1', '2', 1, null, true, [], {}, -1e308, 'https://sns.us-east-1.amazonaws.com/', 'A'.repeat(10_000), '2026-13-45T99:99:99Z', '%00', '\u202e', '${jndi:ldap://x}'];

export interface FuzzResult {
  readonly cases: number;
  readonly statuses: ReadonlyMap<number, number>;
  /** Connections that ended without an answer. */
  readonly unanswered: number;
  readonly casesPerSecond: number;
  /** Whether a true message is taken after all that. */
  readonly stillTakes: boolean;
}

/** Posts so many bodies to a listening endpoint with an authority of its own: broken bytes, broken fields, and true signatures over broken messages. */
export async function fuzzEndpoint(cases: number, random: RandomStream): Promise<FuzzResult> {
  const sns = new LocalSns(async (bodies) => bodies.map((body) => {
    const message = parseMessage(body);
    return message.kind === 'garbage' ? message : { kind: 'done', decided: [] };
  }));
  const server = await listenForSns({ host: '127.0.0.1', port: 0, tls: null, answer: sns.answer });
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const statuses = new Map<number, number>();
  const beganAtMs = performance.now();
  let posted = 0;
  const post = async (): Promise<void> => {
    while (posted < cases) {
      posted += 1;
      const status = await statusOf(agent, server.port, fuzzCase(sns, posted, random));
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, post));
    const tookSeconds = (performance.now() - beganAtMs) / 1_000;
    const stillTakes = (await statusOf(agent, server.port, Buffer.from(JSON.stringify(sns.message({ Message: alarmNotification('cpu', 'ALARM', sns.nowMs) }))))) === 200;
    return { cases, statuses, unanswered: statuses.get(0) ?? 0, casesPerSecond: cases / tookSeconds, stillTakes };
  } finally {
    agent.destroy();
    await server.close();
  }
}

/** One body, of its number's kind. */
export function fuzzCase(sns: LocalSns, i: number, random: RandomStream): Buffer {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const whole = (most: number): number => Math.floor(random() * most);
  switch (i % 5) {
    case 0:
      return Buffer.from(Array.from({ length: whole(600) }, () => whole(256)));
    case 1:
      return Buffer.from(pick(ODD));
    case 2: {
      const body = Buffer.from(JSON.stringify(sns.message({ Message: alarmNotification('cpu', 'ALARM', sns.nowMs) })));
      for (let k = whole(6); k >= 0; k -= 1) body[whole(body.length)] = whole(256);
      return body;
    }
    case 3:
      return Buffer.from(JSON.stringify({ ...sns.message(), [pick(NAMES)]: pick(VALUES), [pick(NAMES)]: pick(VALUES) }));
    default: {
      const message: Fields = { Message: alarmNotification('cpu', 'ALARM', sns.nowMs).slice(0, whole(900)) + pick(ODD) };
      return Buffer.from(JSON.stringify(sns.message(message)));
    }
  }
}

/** 0: no answer came. */
function statusOf(agent: Agent, port: number, body: Buffer): Promise<number> {
  return new Promise((resolve) => {
    const posting = request({ agent, host: '127.0.0.1', port, path: '/sns', method: 'POST', headers: { 'content-length': body.length } }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode ?? 0));
      response.once('error', () => resolve(0));
    });
    posting.once('error', () => resolve(0));
    posting.end(body);
  });
}
