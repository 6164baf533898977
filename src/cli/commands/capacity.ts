import { Command } from 'commander';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { HOLD_MESSAGES, PRE_ALLOCATE_CAPACITY } from '../../contracts/pre-allocate-capacity';
import type { HoldStatus, PreAllocateInput, PreAllocateResult } from '../../contracts/pre-allocate-capacity';
import type { ReleaseArgs } from '../../contracts/provision-replicas';
import { capacityWorkflowId } from '../../contracts/workflow-ids';
import { checkHoldInput } from '../../domain/capacity/hold-input';
import { describeHold, describeHoldResult } from '../capacity/describe-hold';
import { readRequestFile } from '../capacity/read-request-file';
import { withClient } from '../environment';
import { WrongUsage } from '../report-failure';

interface Common {
  readonly stack: string;
  readonly json?: boolean;
}

interface NeedOptions extends Common {
  readonly pool?: string;
  readonly window?: string;
  readonly zone?: string[];
  readonly group?: string;
  readonly means?: string[];
  readonly file?: string;
  readonly reason?: string;
}

const EXIT_CODES: Readonly<Record<PreAllocateResult['kind'], number>> = { Planned: 0, Ended: 0, Refused: 3, NeedsOperator: 5 };

/** `foreshift capacity plan|hold|list|release` */
export function capacityCommand(): Command {
  const capacity = new Command('capacity').description('Holds capacity for a pool before it is needed, hands it over and gives it back').addHelpText(
    'after',
    `
Examples:
  foreshift capacity plan --pool web --window 2026-11-26T10:00:00Z/2026-11-26T12:00:00Z
  foreshift capacity hold --pool web --window 2026-11-26T10:00:00Z/2026-11-26T12:00:00Z --zone us-east-1a us-east-1b
  foreshift capacity hold --pool web --window 2026-11-26T10:00:00Z/2026-11-26T12:00:00Z --group web-asg --means reservation auto-scaling launch
  foreshift capacity hold -f hold.json
  foreshift capacity list
  foreshift capacity release web 2026-11-26T10:00:00Z/2026-11-26T12:00:00Z --reason "the sale is off"`,
  );
  need(capacity.command('plan')).description('What would be held, from when and for how much; reserves nothing').action(plan);
  need(capacity.command('hold')).description('Holds it from some time before it is needed until the window ends').action(hold);
  common(capacity.command('list')).description('What is held now, what was handed over, and what it costs').action(list);
  common(capacity.command('release')).description('Ends a hold before its window does').argument('<pool>').argument('<window>', 'as "foreshift capacity list" shows it').option('--reason <text>', 'stands in the audit').action(release);
  return capacity;
}

function need(command: Command): Command {
  return common(command)
    .option('--pool <service>', 'the service whose demand it is')
    .option('--window <interval>', 'ISO 8601: start/end')
    .option('--zone <zone...>', 'the target zone, then fall-backs')
    .option('--group <name>', 'an Auto Scaling group to raise; alone, or where --means has auto-scaling')
    .option('--means <means...>', 'how capacity may be had, in this order: reservation, auto-scaling, launch, spot')
    .option('--reason <text>', 'stands in the audit')
    .option('-f, --file <file>', 'the whole request as JSON instead; "-" reads it from standard input');
}

function common(command: Command): Command {
  return command.option('--stack <name>', 'the local cloud to use', 'default').option('--json', 'as JSON');
}

async function readNeed({ pool, window, zone, group, means, reason, file }: NeedOptions): Promise<PreAllocateInput> {
  const given = file === undefined ? {} : await readRequestFile(file);
  const named = { pool, window, zones: zone, autoScalingGroup: group, means, reason };
  const input: unknown = typeof given !== 'object' || given === null || Array.isArray(given) ? given : { ...given, ...Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined)) };
  const problems = checkHoldInput(input);
  if (problems.length > 0) throw new WrongUsage(`${file === undefined ? '' : `${file}: `}${problems.join('; ')}`);
  return input as PreAllocateInput;
}

async function plan(options: NeedOptions): Promise<void> {
  const input = { ...(await readNeed(options)), dryRun: true };
  await withClient(options.stack, async (client, { taskQueue }) => {
    const handle = await start(client, taskQueue, input);
    const result = (await handle.result()) as PreAllocateResult;
    process.exitCode = EXIT_CODES[result.kind];
    console.log(options.json === true ? JSON.stringify(result, null, 2) : describeHoldResult(result));
  });
}

async function hold(options: NeedOptions): Promise<void> {
  const input = await readNeed(options);
  await withClient(options.stack, async (client, { taskQueue }) => {
    const { workflowId } = await start(client, taskQueue, input);
    console.log(options.json === true ? JSON.stringify({ workflowId }) : `started ${workflowId}; "foreshift capacity list" shows it`);
  });
}

function start(client: Client, taskQueue: string, input: PreAllocateInput) {
  const { pool, window } = input;
  return client.workflow
    .start(PRE_ALLOCATE_CAPACITY, { taskQueue, workflowId: capacityWorkflowId(pool, window), args: [input], staticSummary: `Capacity for ${pool}, ${window}`.slice(0, 190) })
    .catch((error: unknown) => {
      if (error instanceof WorkflowExecutionAlreadyStartedError) throw new Error(`capacity of ${pool} in ${window} is held already; "foreshift capacity list" shows it`);
      throw error;
    });
}

async function list(options: Common): Promise<void> {
  const holds = await withClient(options.stack, async (client) => {
    const found: HoldStatus[] = [];
    for await (const { workflowId } of client.workflow.list({ query: `WorkflowType = "${PRE_ALLOCATE_CAPACITY}" AND ExecutionStatus = "Running"` })) {
      found.push(await client.workflow.getHandle(workflowId).query<HoldStatus>(HOLD_MESSAGES.status));
    }
    return found;
  });
  if (options.json === true) return console.log(JSON.stringify(holds, null, 2));
  if (holds.length === 0) return console.log('nothing is held');
  for (const one of holds) console.log(describeHold(one));
}

async function release(pool: string, window: string, options: Common & { reason?: string }): Promise<void> {
  const args: ReleaseArgs = options.reason === undefined ? {} : { reason: options.reason };
  await withClient(options.stack, async (client) => {
    const handle = client.workflow.getHandle(capacityWorkflowId(pool, window));
    await handle.executeUpdate<string, [ReleaseArgs]>(HOLD_MESSAGES.release, { args: [args] });
    const result = (await handle.result()) as PreAllocateResult;
    process.exitCode = EXIT_CODES[result.kind];
    console.log(options.json === true ? JSON.stringify(result, null, 2) : describeHoldResult(result));
  });
}
