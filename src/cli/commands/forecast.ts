import { Command, Option } from 'commander';
import pc from 'picocolors';
import { STEP_MS } from '../../activities/forecast-loads';
import { createCompute } from '../../adapters/aws/compute';
import { createShapeCatalogue } from '../../adapters/aws/shape-catalogue';
import { boundsOf } from '../../domain/forecast';
import { LOAD_METRICS, unitOf, type LoadMetric } from '../../domain/forecast';
import { checkMigrationInput } from '../../domain/migration-input';
import { recentHistory } from '../../forecasting/backtest/recent-history';
import type { ForecastAnswer } from '../../forecasting/forecast-request';
import type { LoadSeries } from '../../forecasting/load-series';
import { MODEL_NAMES } from '../../forecasting/model-names';
import { FORECAST_TIERS, type ForecastTier } from '../../forecasting/tiers';
import { amount, timeSpan } from '../forecast/forecast-options';
import { createForecaster } from '../../workers/forecaster';
import { forecastLocality } from '../forecast/locality/forecast-locality';
import { localityName, type LocalityOptions } from '../forecast/locality/locality-name';
import { openAws } from '../open-aws';
import { horizonSteps } from '../forecast/horizon-steps';
import { drawInTerminal } from '../forecast/plot/draw-in-terminal';
import { writePlot } from '../forecast/plot/write-plot';
import { showActivity } from '../forecast/show-activity';
import { readCsvHistory } from '../forecast/single/csv-history';
import { describeForecast } from '../forecast/single/describe-forecast';
import { reportAsJson, type ForecastReport } from '../forecast/single/forecast-report';
import { readInstanceHistory } from '../forecast/single/instance-history';
import { readEvents } from '../forecast/single/read-events';
import { LOCAL_TIME, UTC } from '../forecast/single/time-zone';
import { withForecastEngine } from '../forecast/with-forecast-engine';
import { WrongUsage } from '../report-failure';
import { forecastAccuracyCommand } from './forecast-accuracy';
import { forecastBacktestCommand } from './forecast-backtest';
import { forecastBatchCommand } from './forecast-batch';
import { forecastTrainCommand } from './forecast-train';
import { forecastTuneCommand } from './forecast-tune';

interface ForecastOptions extends LocalityOptions {
  readonly csv?: string;
  readonly metric?: LoadMetric;
  readonly horizon: number;
  readonly step?: number;
  readonly model?: string;
  readonly tier?: ForecastTier;
  readonly events?: string;
  readonly limit?: number;
  readonly plot?: 'term' | 'png' | 'html';
  readonly out?: string;
  readonly utc?: boolean;
  readonly json?: boolean;
  readonly stack: string;
}

/** `foreshift forecast` */
export function forecastCommand(): Command {
  return new Command('forecast')
    .description('Forecasts load as a distribution: of an instance from CloudWatch, or of a file')
    .argument('[instanceId]', 'EC2 instance id; its last two weeks are read from CloudWatch')
    .option('--csv <file>', 'a file with the columns timestamp,value (CSV, or CSV in gzip) instead')
    .option('--pool <service>', 'of all instances of the service together, as a sum of their forecasts')
    .option('--zone <name>', 'of all instances in an availability zone together')
    .option('--region <name>', 'of all instances in a region together')
    .addOption(new Option('--metric <name>', 'which metric; default: cpuPercent of instances, a plain number of a file').choices(LOAD_METRICS))
    .addOption(new Option('--horizon <span>', 'how far to look').argParser(timeSpan).default(timeSpan('24h'), '24h'))
    .option('--step <span>', 'grid of the forecast; default: 5m of an instance, the median distance of a file\'s rows', timeSpan)
    .option('--model <name>', `the model (${MODEL_NAMES.join(', ')}); default: that of the tier`)
    .addOption(new Option('--tier <name>', 'accuracy against time, where no model is named; default: balanced').choices(FORECAST_TIERS))
    .option('--events <file>', 'what is scheduled, past and coming: a calendar (.ics) or a JSON list of {name, kind, start, end} and {name, kind, cron, durationMinutes}')
    .option('--limit <value>', 'also tell how probably the peak passes this', amount)
    .addOption(new Option('--plot <kind>', 'also draw it: on the terminal, or into the file of --out').choices(['term', 'png', 'html']))
    .option('--out <file>', 'where the picture goes')
    .option('--utc', 'tell times in UTC; default: in local time')
    .option('--stack <name>', 'the local cloud to use', 'default')
    .option('--json', 'the whole answer as JSON: every step, all 19 quantiles')
    .addHelpText(
      'after',
      `
Examples:
  foreshift forecast i-0123456789abcdef0 --limit 80
  foreshift forecast i-0123456789abcdef0 --metric networkBytesPerSecond --horizon 2h
  foreshift forecast --pool web --horizon 2h --limit 24
  foreshift forecast --zone us-east-1a --metric memoryPercent --plot html --out zone.html
  foreshift forecast --csv load.csv --metric cpuPercent --horizon 30m --plot term
  foreshift forecast --csv load.csv --limit 80 --plot html --out forecast.html
  foreshift forecast --csv load.csv.gz --step 1h --horizon 7d --json
  foreshift forecast --csv load.csv --events jobs.json --horizon 24h
  foreshift forecast batch < tasks.jsonl > predictions.jsonl
  foreshift forecast backtest --csv load.csv --model gate,blended --horizon 2h
  foreshift forecast train --schedule "0 3 * * *"`,
    )
    .enablePositionalOptions()
    .action(forecast)
    .addCommand(forecastBatchCommand())
    .addCommand(forecastBacktestCommand())
    .addCommand(forecastTuneCommand())
    .addCommand(forecastTrainCommand())
    .addCommand(forecastAccuracyCommand());
}

async function forecast(instanceId: string | undefined, options: ForecastOptions): Promise<void> {
  const locality = localityName(options);
  const subjects = [instanceId, options.csv, locality ?? undefined].filter((one) => one !== undefined);
  if (subjects.length !== 1) throw new WrongUsage('expected one of an instance id, --csv FILE, --pool SERVICE, --zone NAME and --region NAME');
  checkPlotOptions(options);
  if (locality !== null) checkLocalityOptions(options);
  const activity = showActivity(process.stderr);
  try {
    if (locality !== null) {
      activity.show('reading CloudWatch and forecasting');
      const report = await reportOfLocality(locality, options);
      activity.clear();
      return await tell(report, options);
    }
    activity.show(instanceId === undefined ? 'reading the file' : 'reading CloudWatch');
    const load = instanceId === undefined ? await historyOfFile(options) : await historyOfInstance(instanceId, options);
    const steps = horizonSteps(options.horizon, load.stepMs);
    const history = await withEvents(load, steps, options);
    activity.show('forecasting');
    const answer = await answerOne(history, steps, options);
    activity.clear();
    await tell({ title: history.id, unit: unitOfSeries(instanceId, options), history, answer, limit: options.limit ?? null }, options);
  } finally {
    activity.clear();
  }
}

function checkPlotOptions({ plot, out, json }: ForecastOptions): void {
  const toFile = plot === 'png' || plot === 'html';
  if (toFile && out === undefined) throw new WrongUsage(`--out: expected a file for --plot ${plot}`);
  if (!toFile && out !== undefined) throw new WrongUsage('--out: expected only with --plot png and --plot html');
  if (plot === 'term' && json === true) throw new WrongUsage('--plot term: expected without --json, as both go to standard output');
}

function checkLocalityOptions({ step, events, horizon }: ForecastOptions): void {
  if (step !== undefined) throw new WrongUsage('--step: expected only of an instance or a file; sums have steps of 5m');
  if (events !== undefined) throw new WrongUsage('--events: expected only of an instance or a file');
  horizonSteps(horizon, STEP_MS);
}

async function reportOfLocality(locality: string, { metric = 'cpuPercent', horizon, limit, stack, model, tier }: ForecastOptions): Promise<ForecastReport> {
  const { clients, metrics } = await openAws(stack);
  const compute = createCompute(clients.ec2, createShapeCatalogue(clients));
  return withForecastEngine({ threads: 1, ...(model === undefined ? {} : { model }), ...(tier === undefined ? {} : { tier }) }, (engine, choice) =>
    forecastLocality({ compute, metrics, forecaster: createForecaster(engine, choice) }, { locality, metric, horizonMs: horizon, limit: limit ?? null, nowMs: Date.now() }),
  );
}

async function historyOfFile({ csv = '', step, metric }: ForecastOptions): Promise<LoadSeries> {
  const bounds = metric === undefined ? {} : { bounds: boundsOf(metric) };
  return recentHistory(await readCsvHistory(csv, { ...bounds, ...(step === undefined ? {} : { stepMs: step }) }));
}

async function historyOfInstance(instanceId: string, { metric = 'cpuPercent', step = STEP_MS, stack }: ForecastOptions): Promise<LoadSeries> {
  const problems = checkMigrationInput({ instanceId });
  if (problems.length > 0) throw new WrongUsage(problems.join('; '));
  if (step % 60_000 !== 0) throw new WrongUsage('--step: expected whole minutes, as CloudWatch keeps them');
  return readInstanceHistory((await openAws(stack)).metrics, { instanceId, metric, stepMs: step, nowMs: Date.now() });
}

async function withEvents(load: LoadSeries, steps: number, { events, utc }: ForecastOptions): Promise<LoadSeries> {
  if (events === undefined) return load;
  const timeZone = utc === true ? 'UTC' : Intl.DateTimeFormat().resolvedOptions().timeZone;
  const toMs = load.startAtMs + (load.values.length + steps) * load.stepMs;
  return { ...load, events: await readEvents(events, { fromMs: load.startAtMs, toMs, timeZone }) };
}

function unitOfSeries(instanceId: string | undefined, { metric }: ForecastOptions): ForecastReport['unit'] {
  if (metric === undefined && instanceId === undefined) return 'number';
  return unitOf(metric ?? 'cpuPercent');
}

async function answerOne(series: LoadSeries, steps: number, { model, tier }: Pick<ForecastOptions, 'model' | 'tier'>): Promise<ForecastAnswer> {
  return withForecastEngine({ threads: 1, ...(model === undefined ? {} : { model }), ...(tier === undefined ? {} : { tier }) }, async (engine, choice) => {
    const [answer] = await engine.forecast([{ series, horizonSteps: steps, ...choice }]);
    return answer as ForecastAnswer;
  });
}

async function tell(report: ForecastReport, { json, utc, plot, out }: ForecastOptions): Promise<void> {
  const zone = utc === true ? UTC : LOCAL_TIME;
  console.log(json === true ? reportAsJson(report) : describeForecast(report, zone));
  if (plot === 'term') console.log(`\n${drawInTerminal(report, zone, { columns: process.stdout.columns ?? 100, colors: pc.isColorSupported })}`);
  else if (plot !== undefined && out !== undefined) await writePlot(plot, report, zone, out);
}
