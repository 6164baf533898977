import { ScheduleOverlapPolicy } from '@temporalio/client';
import { Command, Option } from 'commander';
import { REHEARSE_ROLLBACK, type RehearseRollbackInput, type RehearseRollbackResult } from '../../contracts/rehearse-rollback';
import { drillWorkflowId, migrationWorkflowId } from '../../contracts/workflow-ids';
import { MOST_SHARE_PERCENT, checkRehearsalInput } from '../../domain/rehearsal-input';
import { describeRehearsed } from '../autonomy/describe-rehearsed';
import { ensureSchedule } from '../ensure-schedule';
import { withClient } from '../environment';
import { timeSpan } from '../forecast/forecast-options';
import { percentUpTo } from '../parse-options';
import { printResult } from '../print-result';
import { WrongUsage } from '../report-failure';
import { startAlone } from '../start-alone';
import { watchMigration } from '../watch/follow-migration';

const LEAST_EVERY_MS = 3_600_000;

interface DrillOptions {
  readonly pool?: string;
  readonly dryRun?: boolean;
  readonly share?: number;
  readonly sync?: RehearseRollbackInput['sync'];
  readonly zone?: readonly string[];
  readonly shape?: readonly string[];
  readonly reason?: string;
  readonly every?: number;
  readonly stack: string;
  readonly json?: boolean;
}

/** `foreshift drill ID` */
export function drillCommand(): Command {
  return new Command('drill')
    .description('Rehearses the way back of a move: a shadow gets a small share of the traffic, then everything is undone on purpose, and how long that takes is kept. The source is never stopped')
    .argument('[instanceId]', 'EC2 instance id')
    .option('--pool <name>', 'instead: the oldest running instance of a pool (tag foreshift:service)')
    .option('--dry-run', 'only the plan of the move that would be rehearsed')
    .option('--share <percent>', "of the source's traffic, at most 50; default: the first step of a ramp", percentUpTo(MOST_SHARE_PERCENT))
    .addOption(new Option('--sync <strategy>', 'how the shadow gets its state; only with "none" it is given traffic. Default: what the tag foreshift:sync says').choices(['none', 'image', 'blocks']))
    .option('--zone <zones...>', 'zones to try, in this order')
    .option('--shape <shapes...>', 'shapes to try, in this order')
    .option('--reason <text>', 'stands in the audit')
    .option('--every <span>', 'of a pool: again and again from now on, as a Temporal schedule, instead of once now', timeSpan)
    .option('--stack <name>', 'the local cloud to use', 'default')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `
Examples:
  foreshift drill i-0123456789abcdef0 --sync none
  foreshift drill --pool shop --share 2 --json
  foreshift drill i-0123456789abcdef0 --dry-run
  foreshift drill --pool shop --every 7d            what keeps a mode that was earned

"foreshift abort ID" takes a running one back at once. Exit codes as those of "foreshift migrate"; 4 also where the shadow was worse than its source.`,
    )
    .action(drill);
}

async function drill(instanceId: string | undefined, { pool, dryRun, share, sync, zone, shape, reason, every, stack, json }: DrillOptions): Promise<void> {
  const input: RehearseRollbackInput = {
    ...(instanceId === undefined ? {} : { instanceId }),
    ...(pool === undefined ? {} : { pool }),
    ...(dryRun === true ? { dryRun } : {}),
    ...(share === undefined ? {} : { sharePercent: share }),
    ...(sync === undefined ? {} : { sync }),
    ...(zone === undefined ? {} : { zones: zone }),
    ...(shape === undefined ? {} : { shapes: shape }),
    ...(reason === undefined ? {} : { reason }),
  };
  const problems = checkRehearsalInput(input);
  if (problems.length > 0) throw new WrongUsage(problems.join('; '));
  if (every !== undefined) return schedule(input, every, stack, json === true);
  await withClient(stack, async (client, { taskQueue }) => {
    const workflowId = instanceId === undefined ? drillWorkflowId(pool ?? '') : migrationWorkflowId(instanceId);
    const summary = `Rehearse the way back of ${instanceId ?? pool ?? ''}`;
    const handle = await startAlone(client, REHEARSE_ROLLBACK, { taskQueue, workflowId, input, summary }, `${workflowId} runs already${instanceId === undefined ? '' : `; "foreshift status ${instanceId}" shows it`}`);
    if (json !== true && instanceId !== undefined) await watchMigration(handle, 'text');
    const result = (await handle.result()) as RehearseRollbackResult;
    if (result.kind !== 'Rehearsed') return printResult(result, json === true);
    if (result.verdict?.kind === 'fail') process.exitCode = 4;
    console.log(json === true ? JSON.stringify(result, null, 2) : describeRehearsed(result));
  });
}

/** Each hands over to the lock of an instance of the pool. One at a time, and what was missed is not made up for. */
async function schedule(input: RehearseRollbackInput, everyMs: number, stack: string, json: boolean): Promise<void> {
  if (input.pool === undefined) throw new WrongUsage('--every: expected with --pool, since an instance that moves has another id afterwards');
  if (everyMs < LEAST_EVERY_MS) throw new WrongUsage(`--every: expected a span from 1h; got ${everyMs / 1000}s`);
  const scheduleId = drillWorkflowId(input.pool);
  await withClient(stack, (client, { taskQueue }) =>
    ensureSchedule(client, {
      scheduleId,
      spec: { intervals: [{ every: everyMs }] },
      action: { type: 'startWorkflow', workflowType: REHEARSE_ROLLBACK, workflowId: scheduleId, taskQueue, args: [input] },
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1m' },
    }),
  );
  console.log(json ? JSON.stringify({ scheduleId, everyMs }) : `${scheduleId}: every ${everyMs / 3_600_000} h; "foreshift schedule list" shows the next`);
}
