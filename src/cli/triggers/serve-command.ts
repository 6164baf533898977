import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { Command } from 'commander';
import { openMessageQueue } from '../../adapters/aws/message-queue';
import { DEFAULT_CONSUME_OPTIONS, consumeQueue } from '../../triggers/consume-queue';
import type { ConsumerEvents } from '../../triggers/consume-queue';
import type { Intake } from '../../triggers/intake';
import { resolveConfig } from '../environment';
import { openAws } from '../open-aws';
import { wholeNumber } from '../parse-options';
import { openIntake } from './open-intake';
import { readRulesFile } from './read-rules-file';

interface ServeOptions {
  readonly rules: string;
  readonly queue: string;
  readonly pollers: number;
  readonly stack: string;
}

const SWEEP_EVERY_MS = 1_000;

/** `foreshift triggers serve` */
export function serveCommand(): Command {
  return new Command('serve')
    .description('Takes messages from the queue and starts what the rules say, until Ctrl-C')
    .requiredOption('--rules <file>', 'the rules (docs/triggers.md)')
    .option('--queue <name>', 'name or URL of the SQS queue', 'foreshift-triggers')
    .option('--pollers <n>', 'long polls that run side by side', wholeNumber(1), DEFAULT_CONSUME_OPTIONS.pollers)
    .option('--stack <name>', 'the local cloud to use', 'default')
    .addHelpText('after', '\nNeeds TEMPORAL_ADDRESS, DATABASE_URL and AWS credentials in the environment, or a local cloud that is up. Logs JSON, a line each.')
    .action(serve);
}

async function serve({ rules: file, queue: name, pollers, stack }: ServeOptions): Promise<void> {
  const rules = await readRulesFile(file);
  const log = pino();
  const stop = new AbortController();
  process.once('SIGTERM', () => stop.abort());
  process.once('SIGINT', () => stop.abort());
  const { clients } = await openAws(stack);
  const opened = await openIntake(await resolveConfig(stack), clients, rules);
  try {
    const queue = await openMessageQueue(clients.sqs, name);
    const sweeping = sweepUntil(opened.intake, stop.signal, (sentence) => log.warn(sentence));
    log.info({ queue: name, rules: rules.rules.length }, 'takes messages');
    await consumeQueue(queue, opened.intake, { ...DEFAULT_CONSUME_OPTIONS, pollers }, loggingTo(log), stop.signal);
    await sweeping;
    log.info('what was in work is done');
  } finally {
    await opened.close();
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

async function sweepUntil(intake: Intake, signal: AbortSignal, onTrouble: (sentence: string) => void): Promise<void> {
  while (!signal.aborted) {
    await intake.sweep().catch((error: unknown) => onTrouble(error instanceof Error ? error.message : String(error)));
    await sleep(SWEEP_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}
