import { createEmailSender } from '../../adapters/aws/email-sender';
import { postUrl } from '../../adapters/notifications/post-json';
import { createOtlpSender } from '../../adapters/notifications/otlp-sender';
import { createSlackSender } from '../../adapters/notifications/slack-sender';
import { createSnsSender } from '../../adapters/aws/sns-sender';
import { createWebhookSender } from '../../adapters/notifications/webhook-sender';
import type { AuditLog } from '../../adapters/postgres/audit-log';
import type { AwsClients } from '../../adapters/aws/clients';
import { environment } from '../../contracts/config';
import { linkTo } from '../../notifications/console-links';
import type { Channel, ChannelsFile } from '../../notifications/channels-file';
import type { ApprovalLinks, LinkOf, Sender } from '../../notifications/ports';
import { WrongUsage } from '../report-failure';

/** A migration that was held for days writes some hundreds. */
const RECORDS_TRACED = 5_000;
const LEAST_SECRET_LENGTH = 16;

/** What senders read beside the news. */
export interface NewsSources {
  readonly audit: Pick<AuditLog, 'list'>;
  readonly links: ApprovalLinks;
}

/** What sends for a channel. @throws WrongUsage naming the environment variable that is missing or wrong */
export function senderOf(channel: Channel, { consoleUrl }: ChannelsFile, clients: Pick<AwsClients, 'sns' | 'ses'>, { audit, links }: NewsSources): Sender {
  const linkOf: LinkOf = (notification) => linkTo(notification, consoleUrl, channel.name, channel.approvalLinks ? links : null);
  try {
    switch (channel.type) {
      case 'slack':
        return createSlackSender(postUrl(channel.urlFrom, environment()[channel.urlFrom]), linkOf);
      case 'webhook':
        return createWebhookSender(postUrl(channel.urlFrom, environment()[channel.urlFrom]), secretOf(channel.secretFrom), linkOf, Date.now);
      case 'otlp':
        return createOtlpSender(postUrl(channel.urlFrom, environment()[channel.urlFrom]), headersOf(channel.headersFrom), (instanceId, upToMs) => audit.list({ instanceId, untilMs: upToMs + 1, limit: RECORDS_TRACED }));
      case 'sns':
        return createSnsSender(clients.sns, channel.topicArn, linkOf);
      case 'email':
        return createEmailSender(clients.ses, channel.from, channel.to, linkOf);
    }
  } catch (error) {
    throw new WrongUsage(`channel ${channel.name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** "name=value,other=value", as OTEL_EXPORTER_OTLP_HEADERS has them. */
function headersOf(variable: string | undefined): Record<string, string> {
  const pairs = (variable === undefined ? '' : (environment()[variable] ?? '')).split(',').filter((pair) => pair.trim() !== '');
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, name, value] = /^\s*([\w-]+)\s*=\s*(.+?)\s*$/.exec(pair) ?? [];
      if (name === undefined || value === undefined) throw new Error(`${variable ?? ''}: expected "name=value,other=value"`);
      return [name, decodeURIComponent(value)];
    }),
  );
}

function secretOf(variable: string): string {
  const secret = environment()[variable] ?? '';
  if (secret.length < LEAST_SECRET_LENGTH) throw new Error(`${variable}: expected a secret of at least ${LEAST_SECRET_LENGTH} characters`);
  return secret;
}
