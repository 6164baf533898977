import type { Permission } from './permission';
import { LOOK, WORKER_PERMISSIONS } from './worker-permissions';

/** What each process of the product calls; a role for each (docs/security.md). */
export const ROLE_PERMISSIONS = {
  worker: WORKER_PERMISSIONS,
  looker: [LOOK],
  triggers: [
    { sid: 'Queue', why: 'alarms and events are taken from the queue; what cannot be read goes to the dead letters', actions: ['sqs:GetQueueUrl', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility', 'sqs:SendMessage'], resources: ['sqs:*:@:foreshift-*'] },
    { sid: 'Alarms', why: 'an alarm\'s tags and dimensions; alarms know no narrower resource', actions: ['cloudwatch:DescribeAlarms', 'cloudwatch:ListTagsForResource', 'ec2:DescribeInstances'] },
  ],
  installer: [
    {
      sid: 'Wiring',
      why: '`foreshift triggers install`, once',
      actions: ['sqs:CreateQueue', 'sqs:GetQueueUrl', 'sqs:GetQueueAttributes', 'sqs:SetQueueAttributes', 'sns:CreateTopic', 'sns:SetTopicAttributes', 'sns:Subscribe', 'events:PutRule', 'events:PutTargets'],
      resources: ['sqs:*:@:foreshift-*', 'sns:*:@:foreshift-*', 'events:*:@:rule/foreshift-*'],
    },
  ],
  notifier: [{ sid: 'Tell', why: 'e-mail and topics of channels', actions: ['ses:SendEmail', 'sns:Publish'], resources: ['ses:*:@:identity/*', 'ses:*:@:configuration-set/*', 'sns:*:@:*'] }],
  payloads: [{ sid: 'DataKey', why: 'the key that wraps what Temporal stores', actions: ['kms:GenerateDataKey', 'kms:Decrypt'], resources: ['kms:*:@:key/*'] }],
} as const satisfies Readonly<Record<string, readonly Permission[]>>;

export type Role = keyof typeof ROLE_PERMISSIONS;
