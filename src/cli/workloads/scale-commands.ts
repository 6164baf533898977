import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import type { Command } from 'commander';
import { SCALE_MESSAGES, SCALE_WORKLOAD, type ScaleWorkloadInput, type StopScalingArgs, type WorkloadStatus } from '../../contracts/scale-workload';
import { workloadWorkflowId } from '../../contracts/workflow-ids';
import { checkScaleInput } from '../../domain/workload-scaling/scaling-input';
import { readRequestFile } from '../capacity/read-request-file';
import { withClient } from '../environment';
import { WrongUsage } from '../report-failure';
import type { Common } from './common';

/** Adds `scale`, `status` and `stop`. */
export function addScaleCommands(workloads: Command, common: (command: Command) => Command): void {
  common(workloads.command('scale')).description('Looks after a workload\'s capacity from now on: tells what it would do, and with "mode": "act" does it').requiredOption('-f, --file <file>', 'the request as JSON; "-" reads it from standard input').action(scale);
  common(workloads.command('status')).description('What is seen of a workload, what it would do and why, and what was changed').argument('<tag>', 'such as app=web').action(status);
  common(workloads.command('stop'))
    .description('Looks after it no longer, and takes back what was added')
    .argument('<tag>', 'such as app=web')
    .requiredOption('--reason <text>', 'stands in the audit')
    .option('--by <name>', 'who says so', 'operator')
    .option('--keep', 'leave what was added')
    .action(stop);
}

async function scale({ file, stack, json }: Common & { readonly file: string }): Promise<void> {
  const given = await readRequestFile(file);
  const problems = checkScaleInput(given);
  if (problems.length > 0) throw new WrongUsage(`${file}: ${problems.join('; ')}`);
  const input = given as ScaleWorkloadInput;
  const workflowId = workloadWorkflowId(input.tag);
  await withClient(stack, async (client, { taskQueue }) => {
    await client.workflow.start(SCALE_WORKLOAD, { taskQueue, workflowId, args: [input], staticSummary: `Capacity of ${input.tag}, ${input.mode ?? 'observe'}`.slice(0, 190) }).catch((error: unknown) => {
      if (error instanceof WorkflowExecutionAlreadyStartedError) throw new WrongUsage(`${workflowId} looks after it already; "foreshift workloads stop ${input.tag}" ends that`);
      throw error;
    });
  });
  console.log(json === true ? JSON.stringify({ workflowId }) : `${workflowId} looks after it; "foreshift workloads status ${input.tag}" shows what it says`);
}

async function status(tag: string, { stack, json }: Common): Promise<void> {
  const found = await withClient(stack, async (client) => orRefuse(tag, () => client.workflow.getHandle(workloadWorkflowId(tag)).query<WorkloadStatus>(SCALE_MESSAGES.status)));
  if (json === true) return console.log(JSON.stringify(found, null, 2));
  const { mode, paused, rounds, present, usePercent, last, notes, changes } = found;
  console.log(`${tag}: ${present ?? 'not seen'}${usePercent === null ? '' : `, used by ${usePercent.toFixed(1)} %`} (${paused ? 'paused' : mode}, look ${rounds})\n${[last, ...notes].join('\n')}`);
  for (const { atMs, from, to, cause, outcome, usd, worthUsd } of changes) console.log(`${new Date(atMs).toISOString()}  ${from} -> ${to}, ${cause}: ${outcome} (${usd.toFixed(4)} USD for ${worthUsd.toFixed(4)} USD of overload avoided)`);
}

async function stop(tag: string, { stack, json, reason, by, keep }: Common & StopScalingArgs): Promise<void> {
  const args: StopScalingArgs = { ...(reason === undefined ? {} : { reason }), ...(by === undefined ? {} : { by }), ...(keep === undefined ? {} : { keep }) };
  const answer = await withClient(stack, async (client) => orRefuse(tag, () => client.workflow.getHandle(workloadWorkflowId(tag)).executeUpdate<string, [StopScalingArgs]>(SCALE_MESSAGES.stop, { args: [args] })));
  console.log(json === true ? JSON.stringify({ answer }) : answer);
}

async function orRefuse<T>(tag: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) throw new WrongUsage(`nothing looks after ${tag}; "foreshift workloads scale -f FILE" does`);
    throw error;
  }
}
