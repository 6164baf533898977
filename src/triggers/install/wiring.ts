import { EVENT_RULES } from './event-patterns';

/** Names and settings of everything between AWS and the intake. */
export interface Wiring {
  readonly queueName: string;
  readonly deadLetterName: string;
  readonly topicName: string;
  readonly ruleNames: Readonly<Record<string, string>>;
}

/** SQS keeps a message at most so long. */
export const RETENTION_SECONDS = 14 * 86_400;
export const VISIBILITY_SECONDS = 60;
/** Who gives a message up is the intake, with a reason. This is for one that kills every process that takes it. */
export const MAX_RECEIVE_COUNT = 1_000;

/** The wiring of that name. @param name letters, digits and "-" */
export function wiringOf(name: string): Wiring {
  return { queueName: name, deadLetterName: `${name}-dead`, topicName: name, ruleNames: Object.fromEntries(EVENT_RULES.map(({ key }) => [key, `${name}-${key}`])) };
}

/** Only these rules and this topic may write into the queue, and nobody without TLS. */
export function queuePolicy(queueArn: unknown, ruleArns: readonly unknown[], topicArn: unknown): Readonly<Record<string, unknown>> {
  const allow = (sid: string, service: string, sources: readonly unknown[]): object => ({
    Sid: sid,
    Effect: 'Allow',
    Principal: { Service: service },
    Action: 'sqs:SendMessage',
    Resource: queueArn,
    Condition: { ArnEquals: { 'aws:SourceArn': sources } },
  });
  return {
    Version: '2012-10-17',
    Statement: [
      allow('FromEventBridge', 'events.amazonaws.com', ruleArns),
      allow('FromSns', 'sns.amazonaws.com', [topicArn]),
      { Sid: 'OnlyWithTls', Effect: 'Deny', Principal: '*', Action: 'sqs:*', Resource: queueArn, Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
    ],
  };
}

/** CloudWatch alone of the own account may publish, and nobody without TLS. */
export function topicPolicy(topicArn: unknown, accountId: unknown): Readonly<Record<string, unknown>> {
  return {
    Version: '2012-10-17',
    Statement: [
      { Sid: 'FromAlarms', Effect: 'Allow', Principal: { Service: 'cloudwatch.amazonaws.com' }, Action: 'sns:Publish', Resource: topicArn, Condition: { StringEquals: { 'aws:SourceAccount': accountId } } },
      { Sid: 'OnlyWithTls', Effect: 'Deny', Principal: '*', Action: 'sns:Publish', Resource: topicArn, Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
    ],
  };
}
