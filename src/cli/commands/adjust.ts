import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import { Command } from 'commander';
import { ADJUST_MESSAGES, ADJUST_SHAPE, type AdjustShapeInput, type AdjustShapeResult, type AdjustStatus, type StopArgs } from '../../contracts/adjust-shape';
import { shapeWorkflowId } from '../../contracts/workflow-ids';
import { checkAdjustInput } from '../../domain/shapes/adjustment/adjust-input';
import { withClient } from '../environment';
import { timeSpan } from '../forecast/forecast-options';
import { WrongUsage } from '../report-failure';

interface Common {
  readonly stack: string;
  readonly json?: boolean;
}

interface AdjustOptions extends Common {
  readonly act?: boolean;
  readonly once?: boolean;
  readonly tradeoff?: string;
  readonly shape?: string[];
  readonly maxUsdPerHour?: string;
  readonly maxOneOffUsd?: string;
  readonly every?: number;
}

/** `foreshift adjust`, `foreshift adjust status|stop` */
export function adjustCommand(): Command {
  return withCommon(
    new Command('adjust')
      .description('Looks after the shape of an instance: tells what it should become and why, and with --act changes it, in place or by a move')
      .argument('<instanceId>', 'EC2 instance id')
      .option('--act', 'carry it out; without it, it is only told')
      .option('--once', 'one look, and its answer; without it, from now on')
      .option('--tradeoff <ratio>', 'what overload weighs against price: 0 cost alone, 1 performance alone')
      .option('--shape <shape...>', 'instance types that it may become; default: its family')
      .option('--max-usd-per-hour <usd>', 'no larger shape that costs more')
      .option('--max-one-off-usd <usd>', 'no change that costs more once')
      .option('--every <span>', 'how often it is looked at; default: 5m', timeSpan),
  )
    .addHelpText('after', '\nExamples:\n  foreshift adjust i-0123456789abcdef0 --once\n  foreshift adjust i-0123456789abcdef0 --act --tradeoff 0.7\n  foreshift adjust status i-0123456789abcdef0\n  foreshift adjust stop i-0123456789abcdef0 --reason "retired"')
    .enablePositionalOptions()
    .action(adjust)
    .addCommand(withCommon(new Command('status').description('What it should become, and what was changed').argument('<instanceId>')).action(showStatus))
    .addCommand(withCommon(new Command('stop').description('Looks after it no longer').argument('<instanceId>').requiredOption('--reason <text>', 'stands in the audit').option('--by <name>', 'who says so', 'operator')).action(stop));
}

function withCommon(command: Command): Command {
  return command.option('--stack <name>', 'the local cloud to use', 'default').option('--json', 'as JSON');
}

async function adjust(instanceId: string, { act, once, tradeoff, shape, maxUsdPerHour, maxOneOffUsd, every, stack, json }: AdjustOptions): Promise<void> {
  const input: AdjustShapeInput = {
    instanceId,
    mode: act === true ? 'act' : 'observe',
    ...(tradeoff === undefined ? {} : { tradeoff: Number(tradeoff) }),
    ...(shape === undefined ? {} : { shapes: shape }),
    ...(maxUsdPerHour === undefined && maxOneOffUsd === undefined ? {} : { budget: { ...(maxUsdPerHour === undefined ? {} : { maximumUsdPerHour: Number(maxUsdPerHour) }), ...(maxOneOffUsd === undefined ? {} : { maximumOneOffUsd: Number(maxOneOffUsd) }) } }),
    ...(every === undefined ? {} : { everyMs: every }),
    ...(once === true ? { rounds: 1 } : {}),
  };
  const problems = checkAdjustInput(input);
  if (problems.length > 0) throw new WrongUsage(problems.join('; '));
  await withClient(stack, async (client, { taskQueue }) => {
    const workflowId = shapeWorkflowId(instanceId);
    const handle = await client.workflow.start(ADJUST_SHAPE, { taskQueue, workflowId, args: [input], staticSummary: `Shape of ${instanceId}, ${input.mode ?? 'observe'}` }).catch((error: unknown) => {
      if (error instanceof WorkflowExecutionAlreadyStartedError) throw new WrongUsage(`${workflowId} looks after it already; "foreshift adjust stop ${instanceId}" ends that`);
      throw error;
    });
    if (once !== true) return console.log(json === true ? JSON.stringify({ workflowId }) : `${workflowId} looks after it; "foreshift adjust status ${instanceId}" shows what it says`);
    print((await handle.result()) as AdjustShapeResult, json === true);
  });
}

async function showStatus(instanceId: string, { stack, json }: Common): Promise<void> {
  await withClient(stack, async (client) => print(await orRefuse(instanceId, () => client.workflow.getHandle(shapeWorkflowId(instanceId)).query<AdjustStatus>(ADJUST_MESSAGES.status)), json === true));
}

async function stop(instanceId: string, { stack, json, reason, by }: Common & Required<StopArgs>): Promise<void> {
  await withClient(stack, async (client) => {
    const answer = await orRefuse(instanceId, () => client.workflow.getHandle(shapeWorkflowId(instanceId)).executeUpdate<string, [StopArgs]>(ADJUST_MESSAGES.stop, { args: [{ reason, by }] }));
    console.log(json === true ? JSON.stringify({ answer }) : answer);
  });
}

async function orRefuse<T>(instanceId: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) throw new WrongUsage(`nothing looks after the shape of ${instanceId}; "foreshift adjust ${instanceId}" does`);
    throw error;
  }
}

function print(status: AdjustStatus | AdjustShapeResult, json: boolean): void {
  if (json) return console.log(JSON.stringify(status, null, 2));
  const { instanceId, mode, rounds, shape, last, beyondBudget, changes } = status;
  console.log(`${instanceId}: ${shape ?? 'not seen'} (${mode}, look ${rounds})\n${last}${beyondBudget === null ? '' : `\nbeyond the budget: ${beyondBudget}`}`);
  for (const { atMs, from, to, means, outcome, usdPerHourBefore, usdPerHourAfter, oneOffUsd } of changes) console.log(`${new Date(atMs).toISOString()}  ${from} -> ${to}, ${means}: ${outcome} (${usdPerHourBefore.toFixed(4)} -> ${usdPerHourAfter.toFixed(4)} USD/h, ${oneOffUsd.toFixed(4)} USD once)`);
}
