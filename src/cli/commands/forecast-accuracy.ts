import { Command, Option } from 'commander';
import { createAccuracyStore } from '../../adapters/postgres/accuracy-store';
import { LOAD_METRICS, type LoadMetric } from '../../domain/forecast';
import { withDatabase } from '../environment';
import { describeAccuracy } from '../forecast/accuracy/describe-accuracy';
import { timeSpan } from '../forecast/forecast-options';

interface AccuracyOptions {
  readonly pool?: string;
  readonly metric?: LoadMetric;
  readonly since: number;
  readonly stack: string;
  readonly json?: boolean;
}

/** `foreshift forecast accuracy` */
export function forecastAccuracyCommand(): Command {
  return new Command('accuracy')
    .description('How past forecasts turned out, by pool, metric, horizon and model; "foreshift forecast train" scores them')
    .option('--pool <name>', 'of one pool (tag foreshift:service)')
    .addOption(new Option('--metric <name>', 'of one metric').choices(LOAD_METRICS))
    .addOption(new Option('--since <span>', 'forecasts that were issued within this time').argParser(timeSpan).default(timeSpan('7d'), '7d'))
    .option('--stack <name>', 'the local cloud to use', 'default')
    .option('--json', 'as JSON')
    .action(accuracy);
}

async function accuracy({ pool, metric, since, stack, json }: AccuracyOptions): Promise<void> {
  const filter = { sinceMs: Date.now() - since, ...(pool === undefined ? {} : { pool }), ...(metric === undefined ? {} : { metric }) };
  const summaries = await withDatabase(stack, (db) => createAccuracyStore(db).summarize(filter));
  if (json === true) console.log(JSON.stringify(summaries, null, 2));
  else if (summaries.length === 0) console.log('no scored forecast in this time; "foreshift forecast train" scores those whose horizon is over');
  else console.log(describeAccuracy(summaries));
}
