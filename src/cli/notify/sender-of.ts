import { createEmailSender } from '../../adapters/aws/email-sender';
import { postUrl } from '../../adapters/notifications/post-json';
import { createSlackSender } from '../../adapters/notifications/slack-sender';
import { createSnsSender } from '../../adapters/aws/sns-sender';
import { createWebhookSender } from '../../adapters/notifications/webhook-sender';
import type { AwsClients } from '../../adapters/aws/clients';
import { environment } from '../../contracts/config';
import type { Notification } from '../../domain/notifications/notification';
import { migrationLink } from '../../notifications/migration-link';
import type { Channel, ChannelsFile } from '../../notifications/channels-file';
import type { Sender } from '../../notifications/ports';
import { WrongUsage } from '../report-failure';

const LEAST_SECRET_LENGTH = 16;

/** What sends for a channel. @throws WrongUsage naming the environment variable that is missing or wrong */
export function senderOf(channel: Channel, { consoleUrl }: ChannelsFile, clients: Pick<AwsClients, 'sns' | 'ses'>): Sender {
  const linkOf = ({ instanceId }: Notification): string | null => (consoleUrl === undefined || instanceId === null ? null : migrationLink(consoleUrl, instanceId));
  try {
    switch (channel.type) {
      case 'slack':
        return createSlackSender(postUrl(channel.urlFrom, environment()[channel.urlFrom]), linkOf);
      case 'webhook':
        return createWebhookSender(postUrl(channel.urlFrom, environment()[channel.urlFrom]), secretOf(channel.secretFrom), linkOf, Date.now);
      case 'sns':
        return createSnsSender(clients.sns, channel.topicArn, linkOf);
      case 'email':
        return createEmailSender(clients.ses, channel.from, channel.to, linkOf);
    }
  } catch (error) {
    throw new WrongUsage(`channel ${channel.name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function secretOf(variable: string): string {
  const secret = environment()[variable] ?? '';
  if (secret.length < LEAST_SECRET_LENGTH) throw new Error(`${variable}: expected a secret of at least ${LEAST_SECRET_LENGTH} characters`);
  return secret;
}
