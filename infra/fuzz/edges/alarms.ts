import fc from 'fast-check';
import { alarmEvent, alarmNotification } from '../../bench/alarms/alarm-bodies';
import { CERTIFICATE_URL, CONFIRM_URL, TOPIC } from '../../bench/alarms/local-sns';
import { ACCEPTED, edge, refusedWith, Violation, type Outcome } from '../edge';
import { exchange } from '../exchange';
import { mutatedJsonText } from '../mutate-json';
import { mutatedText } from '../mutate-text';
import { ODD_KEYS, ODD_TEXTS } from '../odd-values';
import { openAlarmsWorld, type AlarmsWorld } from './alarms-world';

/** Where a body comes in: SQS; SNS with a true signature over it, or over fields that were changed; the bench's own bodies. */
type Message =
  | { readonly by: 'queue'; readonly body: string }
  | { readonly by: 'sns'; readonly message: string; readonly fields: Readonly<Record<string, string>>; readonly isWhole: boolean }
  | { readonly by: 'bench'; readonly number: number };

const HOST = 'i-0123456789abcdef0';
const bridge = (source: string, type: string, detail: object): unknown => ({ ...(JSON.parse(alarmEvent('x', 'ALARM', Date.now())) as object), source, 'detail-type': type, resources: [`arn:aws:ec2:us-east-1:123456789012:instance/${HOST}`], detail });
/** As of the process' begin: what is late is refused before it is looked at. */
const EVENTS: readonly unknown[] = [
  ...['tick-1', 'cpu'].flatMap((name) => [JSON.parse(alarmEvent(name, 'ALARM', Date.now())) as unknown, JSON.parse(alarmEvent(name, 'OK', Date.now(), 'ALARM')) as unknown, JSON.parse(alarmNotification(name, 'ALARM', Date.now())) as unknown]),
  bridge('aws.ec2', 'EC2 Spot Instance Interruption Warning', { 'instance-id': HOST, 'instance-action': 'terminate' }),
  bridge('aws.ec2', 'EC2 Instance Rebalance Recommendation', { 'instance-id': HOST }),
  bridge('aws.health', 'AWS Health Event', { eventArn: 'arn:aws:health:us-east-1::event/EC2/x/1', service: 'EC2', eventTypeCode: 'AWS_EC2_INSTANCE_RETIREMENT_SCHEDULED', eventTypeCategory: 'scheduledChange', startTime: 'Thu, 26 Nov 2026 10:00:00 GMT', eventDescription: [{ language: 'en_US', latestDescription: 'x' }], affectedEntities: [{ entityValue: HOST }] }),
];
const body = fc.oneof({ weight: 5, arbitrary: mutatedJsonText(EVENTS) }, { weight: 1, arbitrary: mutatedText(EVENTS.map((event) => JSON.stringify(event))) }, { weight: 1, arbitrary: mutatedJsonText(EVENTS.map((event) => ({ Type: 'Notification', Message: JSON.stringify(event) }))) });
const field = fc.tuple(fc.constantFrom('Type', 'MessageId', 'TopicArn', 'Timestamp', 'SignatureVersion', 'SigningCertURL', 'Subject', 'Token', 'SubscribeURL', ...ODD_KEYS), fc.constantFrom('SubscriptionConfirmation', 'UnsubscribeConfirmation', 'Notification', TOPIC, CERTIFICATE_URL, CONFIRM_URL, '1', '2', 't', ...ODD_TEXTS));
const fields = fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.array(field, { maxLength: 4 }) }).map((pairs) => Object.fromEntries(pairs.filter(([name]) => name !== '__proto__')));

/** What alarms and events of AWS bring, by both ways in; behind them all is real up to Temporal. */
export const alarms = edge<Message>({
  name: 'alarms',
  about: 'bodies from SQS and to the SNS endpoint, up to what they begin',
  share: 12,
  async open() {
    const world = await openAlarmsWorld();
    return {
      inputs: fc.oneof(
        { weight: 4, arbitrary: body.map((text) => ({ by: 'queue' as const, body: text })) },
        { weight: 3, arbitrary: fc.record({ by: fc.constant('sns' as const), message: body, fields, isWhole: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }) }) },
        { weight: 1, arbitrary: fc.nat().map((number) => ({ by: 'bench' as const, number })) },
      ),
      async give(message) {
        const outcome = message.by === 'queue' ? await fromQueue(world, message.body) : await toEndpoint(world, message);
        const begun = world.takeBegun();
        for (const { what, wrong } of begun) {
          if (outcome.kind === 'refused') throw new Violation(`${what}, and the message was refused: ${outcome.sentence}`);
          if (wrong.length > 0) throw new Violation(`${what} with an input that it refuses: ${wrong.join('; ')}`);
        }
        return outcome;
      },
      close: () => world.server.close(),
    };
  },
});

async function fromQueue({ intake }: AlarmsWorld, text: string): Promise<Outcome> {
  const [end] = await intake.handle([text]);
  // Nothing is away here: a failure is the product's own.
  if (end?.kind === 'failed') throw new Violation(`not carried out: ${end.reason}`);
  return end?.kind === 'garbage' ? refusedWith(end.reason) : ACCEPTED;
}

async function toEndpoint(world: AlarmsWorld, message: Exclude<Message, { by: 'queue' }>): Promise<Outcome> {
  const text = message.by === 'bench' ? Buffer.from(world.benchBody(message.number), 'latin1') : Buffer.from(signed(world, message));
  const head = `POST /sns HTTP/1.1\r\nHost: x\r\nContent-Length: ${text.length}\r\nConnection: close\r\n\r\n`;
  const { status, body: answer } = await exchange(world.server.port, Buffer.concat([Buffer.from(head), text]));
  if (status >= 500 || status === 0) throw new Violation(`it answered ${status}: ${answer.slice(0, 300)}`);
  return status === 200 ? ACCEPTED : refusedWith((JSON.parse(answer) as { readonly reason: string }).reason);
}

function signed({ sns }: AlarmsWorld, { message, fields: changed, isWhole }: Extract<Message, { by: 'sns' }>): string {
  const whole = sns.message({ Message: message, ...changed });
  return JSON.stringify(isWhole ? whole : { ...whole, Message: `${message} ` });
}
