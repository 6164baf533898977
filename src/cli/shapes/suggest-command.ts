import { writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { DEFAULT_CREATION_POLICY } from '../../domain/shapes/create-shape';
import { describePattern } from '../../forecasting/patterns/describe-pattern';
import { suggestShapes } from '../../forecasting/patterns/suggest-shapes';
import { wholeNumber } from '../parse-options';
import { WrongUsage } from '../report-failure';
import { describeSuggestions } from './describe-shapes';
import { readLibrary } from './read-catalogue';
import { readFleetHistories, readHistories } from './read-histories';
import { shapeNamed } from './selection-request';
import { positive, withLibraryOptions, type LibraryOptions } from './shape-options';

interface SuggestOptions extends LibraryOptions {
  readonly history?: string;
  readonly fleet?: string;
  readonly present?: string;
  readonly target: number;
  readonly tradeoff: number;
  readonly maxCount: number;
  readonly burstable?: boolean;
  readonly save?: string;
}

/** `foreshift shapes suggest` */
export function suggestCommand(): Command {
  return withLibraryOptions(new Command('suggest'))
    .description('Makes new shapes for what instances asked for: groups them by size and time of day, and finds the cheapest combination that holds each group')
    .option('--history <dir>', 'CSV files NAME.METRIC.csv with the columns timestamp,value; METRIC is cpuPercent (may be left out), memoryPercent, networkBytesPerSecond, diskBytesPerSecond or diskOpsPerSecond')
    .option('--present <shape>', 'what the instances of --history run on')
    .option('--fleet <name>', 'instead: two weeks of the instances with the tag foreshift:fleet of this value, from CloudWatch')
    .option('--target <percent>', 'utilization that peaks must not exceed', positive, DEFAULT_CREATION_POLICY.targetUtilizationRatio * 100)
    .option('--tradeoff <number>', '0: cost alone, 1: performance alone', positive, DEFAULT_CREATION_POLICY.tradeoff)
    .option('--max-count <count>', 'how many instances one may become', wholeNumber(1), DEFAULT_CREATION_POLICY.maximumCount)
    .option('--burstable', 'also shapes that spend CPU credits')
    .option('--save <file>', 'write the shapes as a file for --custom')
    .action(suggest);
}

async function suggest(options: SuggestOptions): Promise<void> {
  const { history, fleet, present, target, tradeoff, maxCount, burstable } = options;
  if ((history === undefined) === (fleet === undefined)) throw new WrongUsage('expected one of --history DIR and --fleet NAME');
  if (history !== undefined && present === undefined) throw new WrongUsage('--present is missing: what do the instances of --history run on? Expected a shape such as m7i.2xlarge');
  if (target <= 0 || target > 100) throw new WrongUsage(`--target: expected a percentage above 0, up to 100, got ${target}`);
  if (tradeoff > 1) throw new WrongUsage(`--tradeoff: expected a number from 0 to 1, got ${tradeoff}`);
  const { shapes, notes } = await readLibrary(options);
  const histories = history === undefined ? await readFleetHistories(fleet as string, options.stack, Date.now()) : await readHistories(history, shapeNamed(present as string, shapes));
  const suggestions = suggestShapes(histories.map(describePattern), shapes, { targetUtilizationRatio: target / 100, tradeoff, maximumCount: maxCount, burstableAllowed: burstable === true });
  if (options.save !== undefined) await writeFile(options.save, `${JSON.stringify(suggestions.shapes.map(({ shape }) => shape), null, 2)}\n`);
  console.log(options.json === true ? JSON.stringify({ ...suggestions, notes }, null, 2) : [...describeSuggestions(suggestions), ...notes].join('\n'));
}
