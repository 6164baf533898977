import { InvalidArgumentError, Command } from 'commander';
import { callQueue } from '../../adapters/temporal/queue-client';
import { QUEUE_MESSAGES } from '../../contracts/migration-queue';
import type { CancelArgs, EnqueueAnswer, EnqueueArgs, FreezeArgs, PauseArgs, QueueStatus, ReprioritizeArgs, ResumeArgs } from '../../contracts/migration-queue';
import { queueWorkflowId } from '../../contracts/workflow-ids';
import type { MoveRequest } from '../../domain/queue/move-request';
import { checkCancel, checkFreeze, checkMoveRequest, checkPause, checkReprioritize } from '../../domain/queue/queue-input';
import { withClient } from '../environment';
import { momentToCome } from '../parse-moment';
import { describeQueue } from '../queue/describe-queue';
import { requestOfInstance } from '../queue/request-of-instance';
import { WrongUsage } from '../report-failure';

interface Common {
  readonly fleet: string;
  readonly stack: string;
  readonly json?: boolean;
  readonly by: string;
}
interface Selected extends Common {
  readonly instance?: string;
  readonly decision?: string;
}

/** `foreshift queue list|add|cancel|reprioritize|pause|resume|freeze` */
export function queueCommand(): Command {
  const queue = new Command('queue')
    .description("A fleet's queue of moves: what waits and why, what runs, what ended; and an operator's words to it")
    .addHelpText(
      'after',
      `
Examples:
  foreshift queue list --fleet shop
  foreshift queue add i-0123456789abcdef0 --reason "noisy neighbour" --zone us-east-1b
  foreshift queue cancel --fleet shop --instance i-0123456789abcdef0 --reason "it is needed"
  foreshift queue freeze --fleet shop --until 2026-11-30T08:00:00Z --reason "Black Friday"
  foreshift queue pause --fleet shop --hold-running --reason "incident 17"`,
    );
  const verb = (name: string, description: string, fleet = true): Command => {
    const command = queue.command(name).description(description).option('--stack <name>', 'the local cloud to use', 'default').option('--by <name>', 'who says it; stands in the audit', 'operator').option('--json', 'as JSON');
    return fleet ? command.requiredOption('--fleet <name>', 'value of the tag foreshift:fleet') : command.option('--fleet <name>', 'default: its tag foreshift:fleet');
  };
  const selecting = (command: Command): Command => command.argument('[itemId]', 'as "foreshift queue list" shows it').option('--instance <id>', 'that of this instance').option('--decision <id>', 'all of this plan or drain');
  verb('list', 'What runs, waits and ended, and why nothing begins').action(list);
  verb('add', 'Asks for the move of an instance', false)
    .argument('<instanceId>', 'EC2 instance id')
    .requiredOption('--reason <text>', 'stands in the audit')
    .option('--impact <minutes>', 'overloaded minutes that it saves: its priority', impact, 60)
    .option('--deadline <time>', 'a time with its zone, or a span: 2h', momentToCome)
    .option('--only-if-contended', 'refuse unless a fresh forecast says that it runs out')
    .option('--zone <zone...>', 'zones to try, in this order', [])
    .option('--shape <shape...>', 'instance types to try, in this order', [])
    .action(add);
  selecting(verb('cancel', 'Takes waiting moves out; "foreshift abort" ends one that runs')).requiredOption('--reason <text>', 'stands in the audit').action(cancel);
  selecting(verb('reprioritize', 'Gives waiting moves another impact, deadline or weight'))
    .option('--impact <minutes>', 'overloaded minutes that it saves', impact)
    .option('--deadline <time>', 'a time with its zone, or a span: 2h', momentToCome)
    .option('--weight <factor>', 'multiplies the priority; 1 is usual', Number)
    .action(reprioritize);
  verb('pause', 'No move begins until "resume"').requiredOption('--reason <text>', 'stands in the audit').option('--hold-running', 'moves that run hold at their next safe point as well').action(pause);
  verb('resume', 'Ends a pause and closes the breaker').option('--reason <text>', 'stands in the audit').action((options: Common & { reason?: string }) => say(options, QUEUE_MESSAGES.resume, spoken<ResumeArgs>(options)));
  verb('freeze', 'No move begins in a time')
    .option('--from <time>', 'default: now', momentToCome)
    .option('--until <time>', 'a time with its zone, or a span: 2h', momentToCome)
    .option('--lift', "lifts operators' freezes instead; the policy's stay")
    .option('--reason <text>', 'stands in the audit')
    .action(freeze);
  return queue;
}

function impact(text: string): number {
  const minutes = Number(text);
  if (text.trim() === '' || !(minutes >= 0 && minutes <= 1e9)) throw new InvalidArgumentError('Expected minutes from 0.');
  return minutes;
}

async function list(options: Common): Promise<void> {
  const status = await withClient(options.stack, (client) => client.workflow.getHandle(queueWorkflowId(options.fleet)).query<QueueStatus>(QUEUE_MESSAGES.status));
  console.log(options.json === true ? JSON.stringify(status, null, 2) : describeQueue(status).join('\n'));
}

async function add(instanceId: string, options: Omit<Common, 'fleet'> & { fleet?: string; reason: string; impact: number; deadline?: number; onlyIfContended?: boolean; zone: string[]; shape: string[] }): Promise<void> {
  const wanted = { reason: options.reason, impactMinutes: options.impact, deadlineAtMs: options.deadline ?? null, onlyIfContended: options.onlyIfContended ?? false, zones: options.zone, shapes: options.shape, by: options.by };
  // What can be wrong is said before AWS is asked for the rest.
  const { by, ...fields } = wanted;
  const draft: MoveRequest = { itemId: 'x', instanceId, name: 'x', service: 'x', slaClass: 'standard', sourcePool: 'x', targetPool: null, notBeforeMs: 0, costUsd: 0, requestedBy: by, decisionId: null, ...fields };
  refuse(checkMoveRequest(draft));
  const { request, fleet } = await requestOfInstance(options.stack, instanceId, wanted);
  const its = options.fleet ?? fleet;
  if (its === null) throw new Error(`instance ${instanceId} has no tag foreshift:fleet; --fleet names the queue`);
  const [answer] = await withClient(options.stack, (client, config) => callQueue<EnqueueAnswer[], EnqueueArgs>(client, config.taskQueue, its, QUEUE_MESSAGES.enqueue, { requests: [request] }));
  if (answer === undefined) throw new Error('the queue gave no answer');
  if (answer.kind !== 'queued') process.exitCode = 3;
  console.log(options.json === true ? JSON.stringify(answer) : describeAnswer(answer, its));
}

function describeAnswer(answer: EnqueueAnswer, fleet: string): string {
  if (answer.kind === 'refused') return `refused: ${answer.reason}`;
  if (answer.kind === 'duplicate') return `refused: ${answer.of} stands in the queue already, or is known`;
  return `queued as ${answer.itemId}, ${answer.position} wait; "foreshift queue list --fleet ${fleet}" shows it`;
}

async function cancel(itemId: string | undefined, options: Selected & { reason: string }): Promise<void> {
  const args: CancelArgs = { ...selector(itemId, options), reason: options.reason, by: options.by };
  refuse(checkCancel(args));
  await sayToItems(options, QUEUE_MESSAGES.cancel, args, 'cancelled');
}

async function reprioritize(itemId: string | undefined, options: Selected & { impact?: number; deadline?: number; weight?: number }): Promise<void> {
  const { impact: impactMinutes, deadline: deadlineAtMs, weight } = options;
  const args: ReprioritizeArgs = { ...selector(itemId, options), ...(impactMinutes === undefined ? {} : { impactMinutes }), ...(deadlineAtMs === undefined ? {} : { deadlineAtMs }), ...(weight === undefined ? {} : { weight }), by: options.by };
  refuse(checkReprioritize(args));
  await sayToItems(options, QUEUE_MESSAGES.reprioritize, args, 'changed');
}

async function pause(options: Common & { reason: string; holdRunning?: boolean }): Promise<void> {
  const args: PauseArgs = { ...spoken<PauseArgs>(options), ...(options.holdRunning ? { holdRunning: true } : {}) };
  refuse(checkPause(args));
  await say(options, QUEUE_MESSAGES.pause, args);
}

async function freeze(options: Common & { from?: number; until?: number; lift?: boolean; reason?: string }): Promise<void> {
  if (options.lift === true) return say(options, QUEUE_MESSAGES.unfreeze, spoken<ResumeArgs>(options));
  if (options.until === undefined || options.reason === undefined) throw new WrongUsage('freeze needs --until and --reason, or --lift');
  const args: FreezeArgs = { ...spoken<FreezeArgs>(options), untilMs: options.until, ...(options.from === undefined ? {} : { fromMs: options.from }) };
  refuse(checkFreeze(args, Date.now()));
  await say(options, QUEUE_MESSAGES.freeze, args);
}

function selector(itemId: string | undefined, { instance, decision }: Selected): Pick<CancelArgs, 'itemId' | 'instanceId' | 'decisionId'> {
  return { ...(itemId === undefined ? {} : { itemId }), ...(instance === undefined ? {} : { instanceId: instance }), ...(decision === undefined ? {} : { decisionId: decision }) };
}

function spoken<Args extends { reason?: string; by?: string }>({ by, reason }: { by: string; reason?: string }): Args {
  return { by, ...(reason === undefined ? {} : { reason }) } as Args;
}

function refuse(problems: readonly string[]): void {
  if (problems.length > 0) throw new WrongUsage(problems.join('; '));
}

/** Also to a queue that is not there yet: a fleet may be frozen before its first move. */
async function say(options: Common, message: string, args: object): Promise<void> {
  const answer = await withClient(options.stack, (client, config) => callQueue<string, object>(client, config.taskQueue, options.fleet, message, args));
  console.log(options.json === true ? JSON.stringify({ fleet: options.fleet, answer }) : `fleet ${options.fleet}: ${answer}`);
}

async function sayToItems(options: Common, message: string, args: object, done: string): Promise<void> {
  const { itemIds } = await withClient(options.stack, (client) => client.workflow.getHandle(queueWorkflowId(options.fleet)).executeUpdate<{ itemIds: string[] }, [object]>(message, { args: [args] }));
  if (itemIds.length === 0) process.exitCode = 1;
  if (options.json === true) return console.log(JSON.stringify({ fleet: options.fleet, itemIds }));
  console.log(itemIds.length === 0 ? 'nothing that waits is so named' : `${done}: ${itemIds.join(', ')}`);
}
