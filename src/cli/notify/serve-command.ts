import { Command } from 'commander';
import { pino } from 'pino';
import { createApprovalLinks } from '../../adapters/postgres/approval-links';
import { createAuditLog } from '../../adapters/postgres/audit-log';
import { createNotificationStore } from '../../adapters/postgres/notification-store';
import { ensureSchema } from '../../adapters/postgres/schema';
import { parseChannels } from '../../notifications/channels-file';
import { type DeliveryChannel, deliverOnce } from '../../notifications/deliver';
import { withDatabase } from '../environment';
import { openAws } from '../open-aws';
import { readCheckedFile } from '../read-checked-file';
import { repeatUntil, stopSignal } from '../until-told-to-stop';
import { senderOf } from './sender-of';

interface ServeOptions {
  readonly channels: string;
  readonly stack: string;
}

const EVERY_MS = 1_000;

/** `foreshift notify serve` */
export function serveCommand(): Command {
  return new Command('serve')
    .description('Tells the channels what the audit has that is new, until Ctrl-C; several may run beside each other')
    .requiredOption('--channels <file>', 'the channels (docs/notifications.md)')
    .option('--stack <name>', 'the local cloud to use', 'default')
    .addHelpText('after', '\nA channel begins with what comes after it was first served. What cannot be delivered is tried again for a day. Logs JSON, a line each.')
    .action(serve);
}

async function serve({ channels: file, stack }: ServeOptions): Promise<void> {
  const channels = await readCheckedFile(file, parseChannels);
  const { clients } = await openAws(stack);
  const log = pino();
  const signal = stopSignal();
  await withDatabase(stack, async (db) => {
    await ensureSchema(db);
    const sources = { audit: createAuditLog(db), links: createApprovalLinks(db, Date.now) };
    const served = channels.channels.map((channel): DeliveryChannel => ({ channel, sender: senderOf(channel, channels, clients, sources) }));
    const store = createNotificationStore(db);
    const events = {
      onDelivered: (channel: string, { key, event }: { readonly key: string; readonly event: string }) => log.info({ channel, event, key }, 'delivered'),
      onFailed: (channel: string, { key, event }: { readonly key: string; readonly event: string }, error: string, nextAtMs: number | null) => log.warn({ channel, event, key, error, nextAtMs }, nextAtMs === null ? 'given up' : 'not delivered yet'),
    };
    log.info({ channels: served.map(({ channel }) => channel.name) }, 'serves');
    // Each by itself: a channel that does not answer keeps no other waiting.
    await Promise.all(served.map((one) => repeatUntil(signal, EVERY_MS, async () => (await deliverOnce(one, store, events, Date.now)) > 0, (error) => log.warn({ channel: one.channel.name, error }, 'not read'))));
  });
}
