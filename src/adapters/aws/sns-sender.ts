import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import { messageText } from '../../domain/notifications/message-text';
import type { LinkOf, Sender } from '../../notifications/ports';

/** Of an SNS subject: ASCII, without line breaks, fewer than 100 characters (https://docs.aws.amazon.com/sns/latest/api/API_Publish.html). */
const LONGEST_SUBJECT = 99;

/** Publishes news to a topic; subscribers may filter by the attributes `event` and `service`. */
export function createSnsSender(sns: SNSClient, topicArn: string, linkOf: LinkOf): Sender {
  return {
    async send(notification) {
      const { event, service, key, title, workflowId } = notification;
      const text = (value: string) => ({ DataType: 'String', StringValue: value });
      await sns.send(
        new PublishCommand({
          TopicArn: topicArn,
          Subject: title.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, LONGEST_SUBJECT),
          Message: messageText(notification, await linkOf(notification)),
          MessageAttributes: { event: text(event), ...(service === null ? {} : { service: text(service) }) },
          ...(topicArn.endsWith('.fifo') ? { MessageGroupId: workflowId.slice(0, 128), MessageDeduplicationId: key.slice(-128) } : {}),
        }),
      );
    },
  };
}
