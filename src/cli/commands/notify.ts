import { Command } from 'commander';
import { listNotifications } from '../../adapters/postgres/notification-store';
import { NOTIFICATION_EVENTS, type Notification } from '../../domain/notifications/notification';
import { parseChannels } from '../../notifications/channels-file';
import { withDatabase } from '../environment';
import { senderOf, type NewsSources } from '../notify/sender-of';
import { serveCommand } from '../notify/serve-command';
import { openAws } from '../open-aws';
import { wholeNumber } from '../parse-options';
import { readCheckedFile } from '../read-checked-file';
import { WrongUsage } from '../report-failure';

/** `foreshift notify serve|lint|test|list` */
export function notifyCommand(): Command {
  const notify = new Command('notify').description('Tells people and programs of plans, approvals wanted, holds, rollbacks, ends, and what needs an operator').addHelpText(
    'after',
    `
Examples:
  foreshift notify lint channels.yaml
  SLACK_URL=https://hooks.slack.com/... foreshift notify test channels.yaml --channel oncall
  foreshift notify serve --channels channels.yaml
  foreshift notify list --limit 20`,
  );
  notify.addCommand(serveCommand());
  notify
    .command('lint')
    .description('checks a file of channels')
    .argument('<file>', 'the channels (docs/notifications.md)')
    .action(async (file: string) => {
      const { channels } = await readCheckedFile(file, parseChannels);
      for (const { name, type, events, services } of channels) console.log(`${name}: ${type}, ${events.length === NOTIFICATION_EVENTS.length ? 'all events' : events.join(', ')}${services.length === 0 ? '' : `, of ${services.join(', ')}`}`);
    });
  notify
    .command('test')
    .description('sends a made-up message to one channel, or to all')
    .argument('<file>', 'the channels (docs/notifications.md)')
    .option('--channel <name>', 'to this one alone')
    .option('--stack <name>', 'the local cloud to use', 'default')
    .action(test);
  notify
    .command('list')
    .description('what was told to whom, and what was not; the newest first')
    .option('--limit <n>', 'at most this many', wholeNumber(1), 50)
    .option('--json', 'as JSON, one a line')
    .option('--stack <name>', 'the local cloud to use', 'default')
    .action(async ({ limit, json, stack }: { readonly limit: number; readonly json?: boolean; readonly stack: string }) => {
      for (const one of await withDatabase(stack, (db) => listNotifications(db, limit))) {
        const { channel, state, attempts, error, notification } = one;
        console.log(json === true ? JSON.stringify(one) : `${new Date(notification.atMs).toISOString()}  ${channel.padEnd(12)}  ${state.padEnd(9)}  ${notification.event.padEnd(15)}  ${notification.title}${error === null ? '' : `  (${attempts} attempts: ${error})`}`);
      }
    });
  return notify;
}

async function test(file: string, { channel: wanted, stack }: { readonly channel?: string; readonly stack: string }): Promise<void> {
  const read = await readCheckedFile(file, parseChannels);
  const chosen = read.channels.filter(({ name }) => wanted === undefined || name === wanted);
  if (chosen.length === 0) throw new WrongUsage(`--channel is "${wanted ?? ''}"; expected one of ${read.channels.map(({ name }) => name).join(', ')}`);
  const { clients } = await openAws(stack);
  for (const channel of chosen) {
    const failed = await senderOf(channel, read, clients, NOTHING).send(madeUp(Date.now())).then(() => null, (error: unknown) => (error instanceof Error ? error.message : String(error)));
    console.log(failed === null ? `${channel.name}: delivered` : `${channel.name}: not delivered, ${failed}`);
    if (failed !== null) process.exitCode = 1;
  }
}

/** A trace is made of a migration's records, and a link of what waits: what is made up has neither. */
const NOTHING: NewsSources = { audit: { list: async () => [] }, links: { issue: async () => '' } };

function madeUp(atMs: number): Notification {
  return { key: `test/${atMs}`, event: 'done', title: 'This is a test of Foreshift', text: 'nothing was moved', command: null, atMs, instanceId: null, service: null, workflowId: 'test', runId: 'test', auditSeq: 0 };
}
