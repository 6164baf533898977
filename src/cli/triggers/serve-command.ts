import { Command } from 'commander';
import { parseRules } from '../../triggers/rules-file';
import { pino } from 'pino';
import { openMessageQueue } from '../../adapters/aws/message-queue';
import { DEFAULT_CONSUME_OPTIONS, consumeQueue } from '../../triggers/consume-queue';
import type { ConsumerEvents } from '../../triggers/consume-queue';
import { resolveConfig } from '../environment';
import { openAws } from '../open-aws';
import { wholeNumber } from '../parse-options';
import { readCheckedFile } from '../read-checked-file';
import { repeatUntil, stopSignal } from '../until-told-to-stop';
import { checkListenOptions, openListener } from './listen-options';
import type { ListenOptions } from './listen-options';
import { openIntake } from './open-intake';

interface ServeOptions extends ListenOptions {
  readonly rules: string;
  readonly queue: string | false;
  readonly pollers: number;
  readonly stack: string;
}

const SWEEP_EVERY_MS = 1_000;

/** `foreshift triggers serve` */
export function serveCommand(): Command {
  return new Command('serve')
    .description('Takes messages and starts what the rules say, until Ctrl-C')
    .requiredOption('--rules <file>', 'the rules (docs/triggers.md)')
    .option('--queue <name>', 'name or URL of the SQS queue', 'foreshift-triggers')
    .option('--no-queue', 'only what SNS posts')
    .option('--pollers <n>', 'long polls that run side by side', wholeNumber(1), DEFAULT_CONSUME_OPTIONS.pollers)
    .option('--listen <address>', 'let SNS post to https://ADDRESS/sns, such as 127.0.0.1:8443')
    .option('--topic <arn...>', 'topics that may post', [])
    .option('--tls-cert <file>', 'PEM; without it only on an address of this machine alone')
    .option('--tls-key <file>', 'PEM')
    .option('--stack <name>', 'the local cloud to use', 'default')
    .addHelpText('after', '\nNeeds TEMPORAL_ADDRESS, DATABASE_URL and AWS credentials in the environment, or a local cloud that is up. Logs JSON, a line each.')
    .action(serve);
}

async function serve(options: ServeOptions): Promise<void> {
  checkListenOptions(options);
  const rules = await readCheckedFile(options.rules, parseRules);
  const log = pino();
  const signal = stopSignal();
  const { clients } = await openAws(options.stack);
  const { intake, close } = await openIntake(await resolveConfig(options.stack), clients, rules);
  try {
    const queue = options.queue === false ? null : await openMessageQueue(clients.sqs, options.queue);
    const listener = await openListener(options, intake, ({ status, reason }) => log[status === 200 ? 'info' : 'warn']({ status, reason }, 'posted'));
    log.info({ queue: options.queue, listens: options.listen ?? null, rules: rules.rules.length }, 'takes messages');
    const sweeping = repeatUntil(signal, SWEEP_EVERY_MS, () => intake.sweep().then(() => false), (sentence) => log.warn(sentence));
    if (queue !== null) await consumeQueue(queue, intake, { ...DEFAULT_CONSUME_OPTIONS, pollers: options.pollers }, loggingTo(log), signal);
    await sweeping;
    await listener?.close();
    log.info('what was in work is done');
  } finally {
    await close();
  }
}

/** Bodies are not logged: they may say anything. */
function loggingTo(log: pino.Logger): ConsumerEvents {
  return {
    onEnd({ messageId, receiveCount }, end) {
      if (end.kind === 'done') for (const { incident, fate, why } of end.decided) log.info({ messageId, incidentId: incident.incidentId, fate, why }, `${incident.name} ${incident.state}`);
      else log.warn({ messageId, receiveCount, ...end }, end.kind === 'garbage' ? 'not understood' : 'not done yet');
    },
    onTrouble: (sentence) => log.warn(sentence),
  };
}
