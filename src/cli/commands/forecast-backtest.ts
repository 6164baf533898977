import { Command, Option } from 'commander';
import { LOAD_METRICS } from '../../domain/forecast';
import { DEFAULT_SETTINGS } from '../../domain/model-choice';
import { runBacktest } from '../../forecasting/backtest/run-backtest';
import { summarizeBacktest } from '../../forecasting/backtest/summarize-backtest';
import { describeBacktest } from '../forecast/backtest/describe-backtest';
import { commonStepMs, readHistories, type HistorySource } from '../forecast/backtest/read-histories';
import { timeSpan } from '../forecast/forecast-options';
import { horizonSteps } from '../forecast/horizon-steps';
import { progressBar } from '../forecast/progress-bar';
import { showActivity } from '../forecast/show-activity';
import { withForecastEngine } from '../forecast/with-forecast-engine';
import { threadCount, wholeNumber } from '../parse-options';

interface BacktestCommandOptions extends HistorySource {
  readonly model: readonly string[];
  readonly horizon: number;
  readonly origins: number;
  readonly threads: number;
  readonly json?: boolean;
}

const names = (text: string): string[] => text.split(',').map((name) => name.trim()).filter((name) => name !== '');

/** `foreshift forecast backtest` */
export function forecastBacktestCommand(): Command {
  return new Command('backtest')
    .description('Lets models forecast from past moments of a series and holds them against what came and against the naive forecast')
    .argument('[instanceId]', 'EC2 instance id; its last two weeks are read from CloudWatch')
    .option('--csv <file...>', 'files with the columns timestamp,value (CSV, or CSV in gzip) instead')
    .addOption(new Option('--metric <name>', 'which metric; default: all of an instance, plain numbers of a file').choices(LOAD_METRICS))
    .option('--model <names>', 'models, with commas between', names, ['gate', 'blended', 'additive'])
    .addOption(new Option('--horizon <span>', 'how far each forecast looks').argParser(timeSpan).default(timeSpan('24h'), '24h'))
    .option('--origins <n>', 'moments of each series that are forecast from', wholeNumber(1), 5)
    .option('--threads <n>', 'threads that compute', threadCount, 1)
    .option('--stack <name>', 'the local cloud to use', 'default')
    .option('--json', 'as JSON, with every forecast\'s score')
    .addHelpText('after', '\nExample:\n  foreshift forecast backtest --csv load.csv --model gate,blended --horizon 2h --origins 20')
    .action(backtest);
}

async function backtest(instanceId: string | undefined, options: BacktestCommandOptions): Promise<void> {
  const activity = showActivity(process.stderr);
  try {
    activity.show('reading');
    const series = await readHistories(instanceId, options);
    const stepMs = commonStepMs(series);
    const steps = horizonSteps(options.horizon, stepMs);
    const choices = options.model.map((model) => ({ model, settings: DEFAULT_SETTINGS }));
    const rows = await withForecastEngine({ threads: options.threads, models: options.model }, (engine) =>
      runBacktest(engine, series, choices, { horizonSteps: steps, origins: options.origins, fromShare: 1 / 3, seed: 1 }, (done, of) => activity.show(progressBar(done, of))),
    );
    activity.clear();
    const summaries = summarizeBacktest(rows, choices.length).map((summary) => ({ model: options.model[summary.choice] ?? '', ...summary }));
    if (options.json === true) console.log(JSON.stringify({ horizonMs: steps * stepMs, series: series.map(({ id }) => id), summaries, rows }, null, 2));
    else console.log(describeBacktest(options.model, summaries, steps * stepMs));
  } finally {
    activity.clear();
  }
}
