import { EVENT_RULES } from './event-patterns';
import { MAX_RECEIVE_COUNT, RETENTION_SECONDS, VISIBILITY_SECONDS, queuePolicy, topicPolicy } from './wiring';
import type { Wiring } from './wiring';

const arnOf = (logicalId: string): object => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });
const ruleId = (key: string): string => `${key.slice(0, 1).toUpperCase()}${key.slice(1)}Rule`;

/** The same wiring as a CloudFormation template. */
export function cloudFormationOf({ queueName, deadLetterName, topicName, ruleNames }: Wiring): Readonly<Record<string, unknown>> {
  const rules = EVENT_RULES.map(({ key, description, pattern }) => [
    ruleId(key),
    {
      Type: 'AWS::Events::Rule',
      Properties: { Name: ruleNames[key], Description: description, EventPattern: pattern, State: 'ENABLED', Targets: [{ Id: 'queue', Arn: arnOf('Queue'), DeadLetterConfig: { Arn: arnOf('DeadLetters') } }] },
    },
  ]);
  const topicArn = { Ref: 'Topic' };
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: 'Alarms and events to the queue of "foreshift triggers serve"',
    Resources: {
      DeadLetters: { Type: 'AWS::SQS::Queue', Properties: { QueueName: deadLetterName, MessageRetentionPeriod: RETENTION_SECONDS, SqsManagedSseEnabled: true } },
      Queue: {
        Type: 'AWS::SQS::Queue',
        Properties: {
          QueueName: queueName,
          MessageRetentionPeriod: RETENTION_SECONDS,
          VisibilityTimeout: VISIBILITY_SECONDS,
          SqsManagedSseEnabled: true,
          RedrivePolicy: { deadLetterTargetArn: arnOf('DeadLetters'), maxReceiveCount: MAX_RECEIVE_COUNT },
        },
      },
      Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: topicName, SignatureVersion: '2' } },
      TopicPolicy: { Type: 'AWS::SNS::TopicPolicy', Properties: { Topics: [topicArn], PolicyDocument: topicPolicy(topicArn, { Ref: 'AWS::AccountId' }) } },
      Subscription: { Type: 'AWS::SNS::Subscription', Properties: { TopicArn: topicArn, Protocol: 'sqs', Endpoint: arnOf('Queue'), RedrivePolicy: { deadLetterTargetArn: arnOf('DeadLetters') } } },
      ...Object.fromEntries(rules),
      QueuePolicy: {
        Type: 'AWS::SQS::QueuePolicy',
        Properties: { Queues: [{ Ref: 'Queue' }], PolicyDocument: queuePolicy(arnOf('Queue'), EVENT_RULES.map(({ key }) => arnOf(ruleId(key))), topicArn) },
      },
      DeadLetterPolicy: {
        Type: 'AWS::SQS::QueuePolicy',
        Properties: { Queues: [{ Ref: 'DeadLetters' }], PolicyDocument: queuePolicy(arnOf('DeadLetters'), EVENT_RULES.map(({ key }) => arnOf(ruleId(key))), topicArn) },
      },
    },
    Outputs: { QueueUrl: { Value: { Ref: 'Queue' } }, TopicArn: { Value: topicArn } },
  };
}
