import { Command } from 'commander';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { createIsolationStore } from '../../adapters/postgres/isolation-store';
import { ISOLATE_HOST, ISOLATE_MESSAGES } from '../../contracts/isolate-host';
import type { IsolateHostInput, IsolationStatus, LiftArgs } from '../../contracts/isolate-host';
import { isolationWorkflowId } from '../../contracts/workflow-ids';
import { checkIsolationInput } from '../../domain/isolation-input';
import { withClient, withDatabase } from '../environment';
import { alignColumns } from '../forecast/align-columns';
import { momentToCome } from '../parse-moment';
import { WrongUsage } from '../report-failure';

interface Common {
  readonly stack: string;
  readonly json?: boolean;
}

const HOST = /^h-[0-9a-f]{8,17}$/;
const ZONE = /^[a-z]{2}(-[a-z]+)+-\d[a-z]$/;

/** `foreshift isolate PLACE|lift|list|status` */
export function isolateCommand(): Command {
  const isolate = common(new Command('isolate'))
    .description('Isolates a host, zone or pool: no target for moves, and its instances move away through their queues')
    .argument('<place>', 'a dedicated host (h-...), an availability zone, or with --pool a value of the tag foreshift:pool')
    .option('--reason <text>', 'stands in the audit')
    .option('--until <time>', 'ends then by itself; a time with its zone, or a span: 2h', momentToCome)
    .option('--deadline <time>', 'when the place goes away: its moves must be done by then', momentToCome)
    .option('--pool', 'the place is a pool')
    .option('--no-drain', 'leave its instances where they are')
    .addHelpText(
      'after',
      `
Examples:
  foreshift isolate us-east-1a --reason "power trouble" --until 6h
  foreshift isolate h-0123456789abcdef0 --reason "retires on Friday" --deadline 2026-11-27T08:00:00Z
  foreshift isolate list
  foreshift isolate lift us-east-1a --reason "power is back"`,
    )
    .enablePositionalOptions()
    .action(begin);
  common(isolate.command('lift')).description('Ends an isolation; moves that wait because of it are cancelled, those that run go on').argument('<place>', 'as "foreshift isolate list" shows it').option('--reason <text>', 'stands in the audit').action(lift);
  common(isolate.command('status')).description('What is still there, and what its queues refused').argument('<place>', 'as "foreshift isolate list" shows it').action(status);
  common(isolate.command('list')).description('What is isolated now').action(list);
  return isolate;
}

function common(command: Command): Command {
  return command.option('--stack <name>', 'the local cloud to use', 'default').option('--json', 'as JSON');
}

async function begin(place: string, options: Common & { reason?: string; until?: number; deadline?: number; pool?: boolean; drain: boolean }): Promise<void> {
  if (options.reason === undefined) throw new WrongUsage('reason is missing; isolate needs --reason "..."');
  const input: IsolateHostInput = {
    ...named(place, options.pool === true),
    reason: options.reason,
    ...(options.until === undefined ? {} : { until: new Date(options.until).toISOString() }),
    ...(options.deadline === undefined ? {} : { deadline: new Date(options.deadline).toISOString() }),
    ...(options.drain ? {} : { drain: false }),
  };
  const problems = checkIsolationInput(input);
  if (problems.length > 0) throw new WrongUsage(problems.join('; '));
  const workflowId = isolationWorkflowId(place);
  await withClient(options.stack, async (client, { taskQueue }) => {
    await client.workflow.start(ISOLATE_HOST, { taskQueue, workflowId, args: [input], staticSummary: `Isolate ${place}: ${input.reason}`.slice(0, 190) }).catch((error: unknown) => {
      if (error instanceof WorkflowExecutionAlreadyStartedError) throw new Error(`${place} is isolated already; "foreshift isolate status ${place}" shows it`);
      throw error;
    });
  });
  console.log(options.json === true ? JSON.stringify({ workflowId, place }) : `${place} is isolated${options.drain ? ' and drained' : ''}; "foreshift isolate status ${place}" shows how far it is`);
}

/** A misspelt zone must not be taken for a pool that nobody has. */
function named(place: string, pool: boolean): Pick<IsolateHostInput, 'hostId' | 'zone' | 'pool'> {
  if (pool) return { pool: place };
  if (HOST.test(place)) return { hostId: place };
  if (ZONE.test(place)) return { zone: place };
  throw new WrongUsage(`"${place}" is neither a dedicated host such as "h-0123456789abcdef0" nor a zone such as "us-east-1a"; --pool names a pool`);
}

async function lift(place: string, options: Common & { reason?: string }): Promise<void> {
  const args: LiftArgs = options.reason === undefined ? {} : { reason: options.reason };
  const answer = await withClient(options.stack, (client) => client.workflow.getHandle(isolationWorkflowId(place)).executeUpdate<string, [LiftArgs]>(ISOLATE_MESSAGES.lift, { args: [args] }));
  console.log(options.json === true ? JSON.stringify({ place, answer }) : answer);
}

async function status(place: string, options: Common): Promise<void> {
  const found = await withClient(options.stack, (client) => client.workflow.getHandle(isolationWorkflowId(place)).query<IsolationStatus>(ISOLATE_MESSAGES.status));
  if (options.json === true) return console.log(JSON.stringify(found, null, 2));
  console.log(`${found.kind} ${found.place}: ${found.phase}${found.untilMs === null ? '' : ` until ${new Date(found.untilMs).toISOString()}`}; ${found.members} instance(s) are there, ${found.queued} of them queued or on their way`);
  for (const instanceId of found.unmanaged) console.log(`  ${instanceId} has no fleet and stays`);
  for (const refusal of found.refused) console.log(`  refused: ${refusal}`);
}

async function list(options: Common): Promise<void> {
  const isolations = await withDatabase(options.stack, (db) => createIsolationStore(db).active(Date.now()));
  if (options.json === true) return console.log(JSON.stringify(isolations, null, 2));
  if (isolations.length === 0) return console.log('nothing is isolated');
  for (const line of alignColumns(isolations.map(({ kind, place, untilMs, reason, source }) => [kind, place, untilMs === null ? 'until lifted' : `until ${new Date(untilMs).toISOString()}`, source, reason]))) console.log(line);
}
