import { PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateTopicCommand, SetTopicAttributesCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, GetQueueAttributesCommand, GetQueueUrlCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { isFailure, retryableFailure } from '../../contracts/errors';
import { EVENT_RULES } from '../../triggers/install/event-patterns';
import { MAX_RECEIVE_COUNT, RETENTION_SECONDS, VISIBILITY_SECONDS, queuePolicy, topicPolicy } from '../../triggers/install/wiring';
import type { Wiring } from '../../triggers/install/wiring';
import type { AwsClients } from './clients';
import { callAws } from './translate-error';

type WiringClients = Pick<AwsClients, 'events' | 'sns' | 'sqs'>;

/** Where the wiring is, once it is there. */
export interface Wired {
  readonly queueUrl: string;
  readonly deadLetterUrl: string;
  readonly topicArn: string;
  readonly ruleArns: readonly string[];
}

/** Creates what is missing and sets what differs; doing it again changes nothing. What EventBridge or SNS cannot deliver goes to the dead letters as well. */
export async function ensureTriggerWiring(clients: WiringClients, wiring: Wiring): Promise<Wired> {
  const dead = await ensureQueue(clients, wiring.deadLetterName, { MessageRetentionPeriod: String(RETENTION_SECONDS), SqsManagedSseEnabled: 'true' });
  const queue = await ensureQueue(clients, wiring.queueName, {
    MessageRetentionPeriod: String(RETENTION_SECONDS),
    VisibilityTimeout: String(VISIBILITY_SECONDS),
    SqsManagedSseEnabled: 'true',
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: MAX_RECEIVE_COUNT }),
  });
  const topicArn = await ensureTopic(clients, wiring.topicName);
  const ruleArns = await Promise.all(EVENT_RULES.map(({ key, description, pattern }) => ensureRule(clients, wiring.ruleNames[key] ?? key, description, pattern)));
  // Before anything is sent there, the queue must let it in.
  for (const { url, arn } of [queue, dead]) {
    await callAws('set the policy of the queue', () => clients.sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { Policy: JSON.stringify(queuePolicy(arn, ruleArns, topicArn)) } })));
  }
  for (const { key } of EVENT_RULES) await target(clients, wiring.ruleNames[key] ?? key, queue.arn, dead.arn);
  await callAws('subscribe the queue to the topic', () =>
    clients.sns.send(new SubscribeCommand({ TopicArn: topicArn, Protocol: 'sqs', Endpoint: queue.arn, Attributes: { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn }) } })),
  );
  return { queueUrl: queue.url, deadLetterUrl: dead.url, topicArn, ruleArns };
}

/** A queue that is there with other attributes cannot be created again; its attributes are set instead. */
async function ensureQueue({ sqs }: WiringClients, name: string, attributes: Record<string, string>): Promise<{ readonly url: string; readonly arn: string }> {
  const found = await callAws(`find the queue ${name}`, () => sqs.send(new GetQueueUrlCommand({ QueueName: name }))).catch((error: unknown) => {
    if (isFailure(error, 'NotFound') || /NonExistentQueue|QueueDoesNotExist/.test(String(error))) return null;
    throw error;
  });
  const url = found?.QueueUrl ?? (await callAws(`create the queue ${name}`, () => sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes })))).QueueUrl ?? '';
  if (found !== null) await callAws(`set up the queue ${name}`, () => sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: attributes })));
  const answer = await callAws(`read the queue ${name}`, () => sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] })));
  const arn = answer.Attributes?.QueueArn;
  if (arn === undefined) throw retryableFailure('Unavailable', `the queue ${name} has no ARN`);
  return { url, arn };
}

async function ensureTopic({ sns }: WiringClients, name: string): Promise<string> {
  const { TopicArn: topicArn = '' } = await callAws(`create the topic ${name}`, () => sns.send(new CreateTopicCommand({ Name: name })));
  const accountId = topicArn.split(':')[4] ?? '';
  const attributes = { SignatureVersion: '2', Policy: JSON.stringify(topicPolicy(topicArn, accountId)) };
  for (const [AttributeName, AttributeValue] of Object.entries(attributes)) {
    await callAws(`set ${AttributeName} of the topic ${name}`, () => sns.send(new SetTopicAttributesCommand({ TopicArn: topicArn, AttributeName, AttributeValue })));
  }
  return topicArn;
}

async function ensureRule({ events }: WiringClients, name: string, description: string, pattern: object): Promise<string> {
  const answer = await callAws(`create the rule ${name}`, () => events.send(new PutRuleCommand({ Name: name, Description: description, EventPattern: JSON.stringify(pattern), State: 'ENABLED' })));
  return answer.RuleArn ?? '';
}

async function target({ events }: WiringClients, rule: string, queueArn: string, deadArn: string): Promise<void> {
  const answer = await callAws(`send ${rule} to the queue`, () => events.send(new PutTargetsCommand({ Rule: rule, Targets: [{ Id: 'queue', Arn: queueArn, DeadLetterConfig: { Arn: deadArn } }] })));
  if ((answer.FailedEntryCount ?? 0) > 0) throw retryableFailure('Unavailable', `send ${rule} to the queue: ${answer.FailedEntries?.[0]?.ErrorMessage ?? 'refused'}`);
}
