import { join, relative, resolve } from 'node:path';
import { Command } from 'commander';
import { listCsvFiles } from '../detect/list-csv-files';
import { scoreCsvFile, type ScoredFile } from '../detect/score-csv-file';
import { WrongUsage } from '../report-failure';

interface DetectOptions {
  readonly csv?: string;
  readonly dir?: string;
  readonly out: string;
  readonly json?: boolean;
}

interface Job {
  readonly input: string;
  readonly output: string;
}

/** `foreshift detect` */
export function detectCommand(): Command {
  return new Command('detect')
    .description('Scores every row of a metric for how anomalous it is, 0..1, from that row and earlier ones alone')
    .option('--csv <file>', 'one CSV with the columns timestamp,value')
    .option('--dir <folder>', 'every CSV below this folder')
    .requiredOption('--out <path>', 'where timestamp,value,anomaly_score goes: a file with --csv, a folder with --dir')
    .option('--json', 'the summary as JSON')
    .action(detect);
}

async function detect(options: DetectOptions): Promise<void> {
  const jobs = await planJobs(options);
  const scored: ScoredFile[] = [];
  const failed: string[] = [];
  for (const [i, { input, output }] of jobs.entries()) {
    try {
      scored.push(await scoreCsvFile(input, output));
    } catch (error) {
      failed.push((error as Error).message);
      console.error(`foreshift: ${(error as Error).message}`);
    }
    if (jobs.length > 1) console.error(`${i + 1}/${jobs.length} ${input}`);
  }
  if (failed.length > 0) process.exitCode = 1;
  if (options.json === true) console.log(JSON.stringify({ scored, failed }, null, 2));
  else scored.forEach(printEvents);
}

async function planJobs({ csv, dir, out }: DetectOptions): Promise<Job[]> {
  if (csv !== undefined && dir === undefined) {
    if (resolve(csv) === resolve(out)) throw new WrongUsage('--out: expected another file than --csv');
    return [{ input: csv, output: out }];
  }
  if (dir === undefined || csv !== undefined) throw new WrongUsage('expected one of --csv FILE and --dir FOLDER');
  // The next run would take this run's scores for series.
  if (!relative(resolve(dir), resolve(out)).startsWith('..')) throw new WrongUsage('--out: expected a folder outside of --dir');
  const files = await listCsvFiles(dir);
  if (files.length === 0) throw new Error(`${dir}: there is no CSV below it`);
  return files.map((file) => ({ input: join(dir, file), output: join(out, file) }));
}

function printEvents({ file, rows, events }: ScoredFile): void {
  console.log(`${file}: ${rows} rows, ${events.length} events`);
  for (const { from, to, score } of events) console.log(`  ${from} .. ${to}  ${score.toFixed(3)}`);
}
