import { ScheduleOverlapPolicy } from '@temporalio/client';
import { Command } from 'commander';
import { REAP_ORPHANS, type ReapOrphansInput, type ReapOrphansResult } from '../../contracts/reap-orphans';
import { reaperWorkflowId } from '../../contracts/workflow-ids';
import { checkReapInput } from '../../domain/recovery/reap-input';
import { ensureSchedule } from '../ensure-schedule';
import { withClient } from '../environment';
import { timeSpan } from '../forecast/forecast-options';
import { wholeNumber } from '../parse-options';
import { describeReaped } from '../recovery/describe-reaped';
import { WrongUsage } from '../report-failure';
import { startAlone } from '../start-alone';

interface ReapOptions {
  readonly dryRun?: boolean;
  readonly schedule?: number;
  readonly grace?: number;
  readonly most?: number;
  readonly region?: string;
  readonly gone?: string[];
  readonly recover?: boolean;
  readonly actor?: string;
  readonly stack: string;
  readonly json?: boolean;
}

const EXIT_CODES: Readonly<Record<ReapOrphansResult['kind'], number>> = { DryRun: 0, Done: 0, SomeLeft: 5 };
const LEAST_EVERY_MS = 60_000;

/** `foreshift reap` */
export function reapCommand(): Command {
  return new Command('reap')
    .description('Takes away what workflows that have ended left in AWS; what may serve stays, with the reason')
    .option('--dry-run', 'tell what would be done, and do nothing')
    .option('--schedule <span>', 'do it again and again from now on, as a Temporal schedule, instead of once now', timeSpan)
    .option('--grace <span>', 'how long a workflow must have ended before; default: 30m', timeSpan)
    .option('--most <n>', 'take away at most so many things; default: 100', wholeNumber(1))
    .option('--region <region>', "another region than the workers' own")
    .option('--gone <workflowId...>', 'workflows that you know to have ended for ever, though neither Temporal nor the audit tells')
    .option('--recover', 'bring moves that ended from outside to their end as "foreshift recover" proposes, under their locks')
    .option('--actor <name>', 'who asks; stands in the audit')
    .option('--stack <name>', 'the local cloud to use', 'default')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `
Examples:
  foreshift reap --dry-run
  foreshift reap --grace 2h
  foreshift reap --schedule 15m
  foreshift reap --recover

Exit code 5 where something was left to an operator; "foreshift recover" is for the moves among it.`,
    )
    .action(reap);
}

async function reap({ schedule, stack, json, ...options }: ReapOptions): Promise<void> {
  const { dryRun, grace: graceMs, most: mostActs, region, gone: confirmedGone, recover, actor } = options;
  const input: ReapOrphansInput = Object.fromEntries(Object.entries({ dryRun, graceMs, mostActs, region, confirmedGone, recover, actor }).filter(([, value]) => value !== undefined));
  const problems = checkReapInput(input);
  if (problems.length > 0) throw new WrongUsage(problems.join('; '));
  if (schedule !== undefined && schedule < LEAST_EVERY_MS) throw new WrongUsage(`--schedule: expected a span from 1m; got ${schedule / 1000}s`);
  await withClient(stack, async (client, { taskQueue, awsRegion }) => {
    const workflowId = reaperWorkflowId(region ?? awsRegion);
    if (schedule !== undefined) {
      const action = { type: 'startWorkflow', workflowType: REAP_ORPHANS, workflowId, taskQueue, args: [input] } as const;
      await ensureSchedule(client, { scheduleId: workflowId, spec: { intervals: [{ every: schedule }] }, action, policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1m' } });
      console.log(json === true ? JSON.stringify({ scheduleId: workflowId, everyMs: schedule }) : `${workflowId}: every ${schedule / 60_000} min; "foreshift schedule list" shows the next`);
      return;
    }
    const summary = dryRun === true ? 'What is left over? (dry run)' : 'Take away what is left over';
    const handle = await startAlone(client, REAP_ORPHANS, { taskQueue, workflowId, input, summary }, `${workflowId} runs already; the Temporal UI shows what it does`);
    const result = (await handle.result()) as ReapOrphansResult;
    process.exitCode = EXIT_CODES[result.kind];
    console.log(json === true ? JSON.stringify(result, null, 2) : describeReaped(result));
  });
}
