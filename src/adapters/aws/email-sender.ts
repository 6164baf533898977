import { SendEmailCommand, type SESv2Client } from '@aws-sdk/client-sesv2';
import { messageText } from '../../domain/notifications/message-text';
import type { LinkOf, Sender } from '../../notifications/ports';

/** Sends news as plain text by SES; the sender's address or domain must be verified there. */
export function createEmailSender(ses: SESv2Client, from: string, to: readonly string[], linkOf: LinkOf): Sender {
  return {
    async send(notification) {
      const content = (text: string) => ({ Data: text, Charset: 'UTF-8' });
      await ses.send(
        new SendEmailCommand({
          FromEmailAddress: from,
          Destination: { ToAddresses: [...to] },
          Content: { Simple: { Subject: content(`[foreshift] ${notification.title}`), Body: { Text: content(messageText(notification, await linkOf(notification))) } } },
        }),
      );
    },
  };
}
