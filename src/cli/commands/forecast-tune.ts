import { randomUUID } from 'node:crypto';
import { Command, Option } from 'commander';
import { createModelStore } from '../../adapters/postgres/model-store';
import { LOAD_METRICS } from '../../domain/forecast';
import { DEFAULT_SETTINGS, describeChoice } from '../../domain/model-choice';
import { runBacktest } from '../../forecasting/backtest/run-backtest';
import { summarizeBacktest } from '../../forecasting/backtest/summarize-backtest';
import { tuneSettings, type TunedSettings } from '../../forecasting/tuning/tune-settings';
import { TUNING_SHARE, tuningPart } from '../../forecasting/tuning/tuning-part';
import { withDatabase } from '../environment';
import { commonStepMs, readHistories, type HistorySource } from '../forecast/backtest/read-histories';
import { timeSpan } from '../forecast/forecast-options';
import { horizonSteps } from '../forecast/horizon-steps';
import { progressBar } from '../forecast/progress-bar';
import { showActivity } from '../forecast/show-activity';
import { withForecastEngine } from '../forecast/with-forecast-engine';
import { threadCount, wholeNumber } from '../parse-options';

interface TuneCommandOptions extends HistorySource {
  readonly model: string;
  readonly trials: number;
  readonly horizon: number;
  readonly origins: number;
  readonly seed: number;
  readonly threads: number;
  readonly pool?: string;
  readonly json?: boolean;
}

/** `foreshift forecast tune` */
export function forecastTuneCommand(): Command {
  return new Command('tune')
    .description('Searches the settings with which a model forecasts a series best, and tells what they are worth on its later part')
    .argument('[instanceId]', 'EC2 instance id; its last two weeks are read from CloudWatch')
    .option('--csv <file...>', 'files with the columns timestamp,value (CSV, or CSV in gzip) instead')
    .addOption(new Option('--metric <name>', 'which metric; default: all of an instance, plain numbers of a file').choices(LOAD_METRICS))
    .option('--model <name>', 'the model', 'blended')
    .option('--trials <n>', 'settings that are tried', wholeNumber(1), 30)
    .addOption(new Option('--horizon <span>', 'how far each forecast looks').argParser(timeSpan).default(timeSpan('2h'), '2h'))
    .option('--origins <n>', 'moments of each series that are forecast from', wholeNumber(1), 5)
    .option('--seed <n>', 'the same seed tries the same settings', wholeNumber(0), 1)
    .option('--threads <n>', 'threads that compute', threadCount, 1)
    .option('--pool <name>', 'keep the result as a candidate of this pool: the next "foreshift forecast train" compares it with the champion')
    .option('--stack <name>', 'the local cloud to use', 'default')
    .option('--json', 'as JSON, with every trial')
    .action(tune);
}

async function tune(instanceId: string | undefined, options: TuneCommandOptions): Promise<void> {
  const activity = showActivity(process.stderr);
  try {
    activity.show('reading');
    const series = await readHistories(instanceId, options);
    const { model, trials, origins, seed, threads } = options;
    const search = { horizonSteps: horizonSteps(options.horizon, commonStepMs(series)), origins, seed };
    const { tuned, later } = await withForecastEngine({ threads, models: [model] }, async (engine) => {
      const showTrial = (trial: number, lowest: number): void => activity.show(`${progressBar(trial, trials)} settings, loss / naive ${lowest.toFixed(3)}`);
      const found = await tuneSettings(engine, series.map(tuningPart), { ...search, model, trials, fromShare: 1 / 3 }, showTrial);
      activity.show('judging the result on the later part');
      const rows = await runBacktest(engine, series, [{ model, settings: DEFAULT_SETTINGS }, found.choice], { ...search, fromShare: TUNING_SHARE });
      return { tuned: found, later: summarizeBacktest(rows, 2) };
    });
    activity.clear();
    const [before, after] = later.map(({ relativeLoss }) => relativeLoss);
    const candidateId = options.pool === undefined ? null : await keep(options.stack, options.pool, tuned);
    if (options.json === true) return console.log(JSON.stringify({ ...tuned, laterDefaultLoss: before, laterRelativeLoss: after, candidateId }, null, 2));
    console.log(`best: ${describeChoice(tuned.choice)}`);
    console.log(`loss / naive where it was searched: ${tuned.relativeLoss.toFixed(3)} (default settings ${tuned.defaultLoss.toFixed(3)})`);
    console.log(`loss / naive on the later ${Math.round(100 * (1 - TUNING_SHARE))} %, which the search did not see: ${loss(after)} (default settings ${loss(before)})`);
    if (candidateId !== null) console.log(`kept as candidate ${candidateId} of ${options.pool ?? ''}`);
  } finally {
    activity.clear();
  }
}

async function keep(stack: string, pool: string, { choice, relativeLoss }: TunedSettings): Promise<string> {
  const candidateId = `tune/${randomUUID()}`;
  await withDatabase(stack, (db) => createModelStore(db).saveCandidate({ candidateId, pool, choice, madeAtMs: Date.now(), relativeLoss }));
  return candidateId;
}

function loss(value: number | null | undefined): string {
  return value == null ? 'not measured' : value.toFixed(3);
}
