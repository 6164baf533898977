import { ScheduleOverlapPolicy } from '@temporalio/client';
import { Command, Option } from 'commander';
import { SHAPE_FLEET, TICK_MESSAGES, type ShapeFleetInput, type ShapeFleetResult, type TickStatus } from '../../contracts/shape-fleet';
import { ASKED_MODES, type AskedMode, type ModeChoice } from '../../domain/fleet-plan/plan-modes';
import { readPolicyChanges } from '../backtest/read-policies';
import { ensureSchedule } from '../ensure-schedule';
import { withClient } from '../environment';
import { timeSpan } from '../forecast/forecast-options';
import { showActivity } from '../forecast/show-activity';
import { progressBar } from '../forecast/progress-bar';
import { wholeNumber } from '../parse-options';
import { describeHeld, describeMove, describeResult, describeSummary } from '../plan/describe-plan';
import { planOrRefuse, withPlans } from '../plan-store';
import { WrongUsage } from '../report-failure';

interface PlanOptions {
  readonly fleet?: string;
  readonly mode: AskedMode;
  readonly policy?: string;
  readonly every?: number;
  readonly approvalTimeout?: number;
  readonly stack: string;
  readonly json?: boolean;
}

const POLL_MS = 500;
const LEAST_EVERY_MS = 60_000;

/** `foreshift plan`, `foreshift plan list|show` */
export function planCommand(): Command {
  return new Command('plan')
    .description('One control tick: forecasts the fleet, plans what to move when and where, and does what the mode says')
    .option('--fleet <name>', 'value of the tag foreshift:fleet; default: all that have it')
    .addOption(new Option('--mode <mode>', 'what becomes of the plan').choices(ASKED_MODES).default('observe'))
    .option('--policy <file>', 'JSON of what differs from the default policy')
    .option('--every <span>', 'do it again and again from now on, as a Temporal schedule, instead of once now', timeSpan)
    .option('--approval-timeout <span>', 'how long a proposed plan may be approved', timeSpan)
    .option('--stack <name>', 'the local cloud to use', 'default')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `
observe        plan and audit are written, nothing is changed (the default)
propose        the plan waits: foreshift approve PLAN
approve-risky  moves of low risk go into the queue, the others wait
act            all go into the queue, which holds to budgets, windows and freezes
earned         for each service what its measured record allows: foreshift autonomy

Examples:
  foreshift plan --fleet shop
  foreshift plan --fleet shop --mode propose --policy careful.json
  foreshift plan --fleet shop --mode approve-risky --every 5m
  foreshift plan show plan-1a2b3c4d5e6f`,
    )
    .enablePositionalOptions()
    .action(plan)
    .addCommand(listCommand())
    .addCommand(showCommand());
}

async function plan(options: PlanOptions): Promise<void> {
  const input: ShapeFleetInput = {
    mode: options.mode,
    ...(options.fleet === undefined ? {} : { fleet: options.fleet }),
    ...(options.policy === undefined ? {} : { policy: await readPolicyChanges(options.policy) }),
    ...(options.approvalTimeout === undefined ? {} : { approvalTimeoutMs: options.approvalTimeout }),
  };
  if (options.every !== undefined) return schedule(input, options.every, options.stack);
  const activity = showActivity(process.stderr);
  try {
    await withClient(options.stack, async (client, config) => {
      const handle = await client.workflow.start(SHAPE_FLEET, {
        taskQueue: config.taskQueue,
        workflowId: `${tickPrefix(options.fleet)}/${new Date().toISOString()}`,
        args: [input],
        staticSummary: `Tick of ${options.fleet ?? 'all fleets'}: ${options.mode}`,
      });
      const done = handle.result().then((result) => ({ result: result as ShapeFleetResult }));
      done.catch(() => undefined);
      for (;;) {
        const finished = await Promise.race([done, new Promise<null>((resolve) => setTimeout(resolve, POLL_MS, null))]);
        if (finished !== null) {
          activity.clear();
          return console.log(options.json === true ? JSON.stringify(finished.result, null, 2) : describeResult(finished.result));
        }
        const status = await handle.query<TickStatus>(TICK_MESSAGES.status).catch(() => null);
        if (status?.awaitingApproval != null) {
          activity.clear();
          return tellProposed(status, handle.workflowId, options.json === true);
        }
        if (status !== null) activity.show(`${status.phase} ${status.phase === 'weigh' ? progressBar(status.shardsDone, status.shards) : ''}`);
      }
    });
  } finally {
    activity.clear();
  }
}

/** A tick that waits for approval must not hold up the next, which makes its plan outdated; one that was missed is not made up for. */
async function schedule(input: ShapeFleetInput, everyMs: number, stack: string): Promise<void> {
  if (everyMs < LEAST_EVERY_MS) throw new WrongUsage(`--every: expected a span from 1m, since loads are known by the minute at best; got ${everyMs / 1000}s`);
  const scheduleId = `fleet/${input.fleet ?? 'all'}`;
  await withClient(stack, (client, { taskQueue }) =>
    ensureSchedule(client, {
      scheduleId,
      spec: { intervals: [{ every: everyMs }] },
      action: { type: 'startWorkflow', workflowType: SHAPE_FLEET, workflowId: tickPrefix(input.fleet), taskQueue, args: [input] },
      policies: { overlap: ScheduleOverlapPolicy.ALLOW_ALL, catchupWindow: '1m' },
    }),
  );
  console.log(`${scheduleId}: a tick every ${everyMs / 60_000} min, mode ${input.mode ?? 'observe'}; "foreshift schedule list" shows the next`);
}

function tickPrefix(fleet: string | undefined): string {
  return `fleet/${fleet ?? 'all'}/tick`;
}

function tellProposed({ plan: proposed, awaitingApproval }: TickStatus, workflowId: string, json: boolean): void {
  if (proposed === null || awaitingApproval === null) return;
  if (json) console.log(JSON.stringify({ ...proposed, outcome: 'Proposed', workflowId, awaitingApproval }, null, 2));
  else console.log(`${describeSummary(proposed)}\nwaits until ${new Date(awaitingApproval.untilMs).toISOString()} for: foreshift approve ${proposed.planId}`);
}

function modeOf({ mode, earned }: ModeChoice): AskedMode {
  return earned === undefined ? mode : 'earned';
}

function listCommand(): Command {
  return new Command('list')
    .description('The latest plans')
    .option('--fleet <name>', 'of this fleet alone')
    .option('--limit <n>', 'at most so many', wholeNumber(1), 20)
    .option('--stack <name>', 'the local cloud to use', 'default')
    .option('--json', 'as JSON')
    .action(async ({ fleet, limit, stack, json }: { fleet?: string; limit: number; stack: string; json?: boolean }) => {
      const plans = await withPlans(stack, (store) => store.listPlans(fleet ?? null, limit));
      const rows = plans.map(({ planId, planHash, fleet: of, atMs, choice, plan: made }) => ({ planId, planHash, fleet: of === '' ? 'all' : of, atMs, mode: modeOf(choice), moves: made.moves.length, instances: made.moves.length + made.held.length }));
      if (json === true) return console.log(JSON.stringify(rows, null, 2));
      for (const one of rows) console.log(`${one.planId}  ${new Date(one.atMs).toISOString()}  ${one.fleet}  ${one.mode}  ${one.moves} moves of ${one.instances} instances`);
      if (rows.length === 0) console.log('there is no plan yet: "foreshift plan" makes one');
    });
}

function showCommand(): Command {
  return new Command('show')
    .description('A whole plan: every move, and every instance that is not moved, with the reason')
    .argument('<planId>', 'as "foreshift plan list" names it')
    .option('--stack <name>', 'the local cloud to use', 'default')
    .option('--json', 'as JSON')
    .action(async (planId: string, { stack, json }: { stack: string; json?: boolean }) => {
      const stored = await withPlans(stack, (store) => planOrRefuse(store, planId));
      if (json === true) return console.log(JSON.stringify(stored, null, 2));
      console.log(`${planId} of ${new Date(stored.atMs).toISOString()}, mode ${modeOf(stored.choice)}, hash ${stored.planHash}`);
      for (const [i, move] of stored.plan.moves.entries()) console.log(describeMove(move, i + 1).join('\n'));
      for (const held of stored.plan.held) console.log(describeHeld(held));
    });
}
