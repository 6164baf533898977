import { setTimeout as sleep } from 'node:timers/promises';
import { ScheduleOverlapPolicy } from '@temporalio/client';
import { Command } from 'commander';
import { TRAIN_FORECASTS, TRAIN_STATUS, type TrainForecastsInput, type TrainForecastsResult, type TrainStatus } from '../../contracts/train-forecasts';
import { TRAIN_WORKFLOW_ID } from '../../contracts/workflow-ids';
import { ensureSchedule } from '../ensure-schedule';
import { withClient } from '../environment';
import { progressBar } from '../forecast/progress-bar';
import { showActivity, type Activity } from '../forecast/show-activity';
import { wholeNumber } from '../parse-options';

interface TrainOptions {
  readonly schedule?: string;
  readonly fleet?: string;
  readonly pool?: readonly string[];
  readonly challengers?: string;
  readonly tune?: number;
  readonly tuneModel?: string;
  readonly observe?: boolean;
  readonly stack: string;
  readonly json?: boolean;
}

const LOOK_EVERY_MS = 300;

/** `foreshift forecast train` */
export function forecastTrainCommand(): Command {
  return new Command('train')
    .description('Collects metrics, scores past forecasts and compares models in each pool; promotes and demotes on evidence only')
    .option('--schedule <cron>', 'do it at these times (UTC) from now on, as a Temporal schedule, instead of once now')
    .option('--fleet <name>', 'value of the tag foreshift:fleet; default: all that have it')
    .option('--pool <name...>', 'only these pools; default: all of the fleet')
    .option('--challengers <models>', 'models to compare the champion with, with commas between; default: gate,blended')
    .option('--tune <trials>', 'settings to try out in each pool before; default: none', wholeNumber(0))
    .option('--tune-model <name>', 'the model whose settings are tried out; default: blended')
    .option('--observe', 'decide and write the audit, and change nothing')
    .option('--stack <name>', 'the local cloud to use', 'default')
    .option('--json', 'the result as JSON')
    .addHelpText('after', '\nExamples:\n  foreshift forecast train --observe\n  foreshift forecast train --tune 20 --pool web\n  foreshift forecast train --schedule "0 3 * * *"')
    .action(train);
}

async function train(options: TrainOptions): Promise<void> {
  const input = inputOf(options);
  await withClient(options.stack, async (client, { taskQueue }) => {
    if (options.schedule !== undefined) {
      await ensureSchedule(client, {
        scheduleId: TRAIN_WORKFLOW_ID,
        spec: { cronExpressions: [options.schedule] },
        action: { type: 'startWorkflow', workflowType: TRAIN_FORECASTS, workflowId: TRAIN_WORKFLOW_ID, taskQueue, args: [input] },
        // A training that was missed is not made up for: the next one does all of its work.
        policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '10m' },
      });
      return console.log(`${TRAIN_WORKFLOW_ID} runs at "${options.schedule}" (UTC)`);
    }
    const handle = await client.workflow.start(TRAIN_FORECASTS, { taskQueue, workflowId: TRAIN_WORKFLOW_ID, args: [input] });
    const activity = showActivity(process.stderr);
    const result = (await follow(handle.result(), () => handle.query<TrainStatus>(TRAIN_STATUS), activity)) as TrainForecastsResult;
    console.log(options.json === true ? JSON.stringify(result, null, 2) : describe(result));
  });
}

function inputOf({ fleet, pool, challengers, tune, tuneModel, observe }: TrainOptions): TrainForecastsInput {
  return {
    ...(fleet === undefined ? {} : { fleet }),
    ...(pool === undefined ? {} : { pools: pool }),
    ...(challengers === undefined ? {} : { challengers: challengers.split(',').map((name) => name.trim()) }),
    ...(tune === undefined ? {} : { tuneTrials: tune }),
    ...(tuneModel === undefined ? {} : { tuneModel }),
    ...(observe === true ? { mode: 'observe' as const } : {}),
  };
}

async function follow<T>(result: Promise<T>, ask: () => Promise<TrainStatus>, activity: Activity): Promise<T> {
  let ended = false;
  const end = result.finally(() => (ended = true));
  end.catch(() => undefined);
  while (!ended) {
    const status = await ask().catch(() => null);
    if (status !== null) activity.show(status.phase === 'pools' ? `${progressBar(status.poolsDone, status.poolsTotal)} pools, ${status.pool ?? ''}` : status.phase);
    await Promise.race([sleep(LOOK_EVERY_MS), end.catch(() => undefined)]);
  }
  activity.clear();
  return end;
}

function describe({ collected, scored, pools, poolsLeft, trimmed }: TrainForecastsResult): string {
  return [
    `collected: ${collected.newValues} new values of ${collected.series} series (${collected.absentSeries} not published), ${collected.costUsd.toFixed(4)} USD`,
    `scored: ${scored.scored} forecasts, ${scored.unscorable} of which too little was seen, ${scored.left} left for the next time`,
    ...pools.map(({ pool, kind, reason }) => `${kind.padEnd(8)}  ${pool}: ${reason}`),
    ...(poolsLeft > 0 ? [`${poolsLeft} pools were not looked at; --pool names them`] : []),
    `forgotten: ${trimmed.days} days of series, ${trimmed.forecasts} forecasts`,
  ].join('\n');
}
