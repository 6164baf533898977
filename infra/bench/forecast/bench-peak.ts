import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { Command } from 'commander';
import { mixPeak, shiftPeak, type PeakWeights } from '../../../src/forecasting/peak/peak-network';
import { loadTensorBackend } from '../../../src/forecasting/tensor-backend';
import { peakExample, peakOrigins, type PeakExample } from '../../../src/forecasting/training/peak-example';
import { foldOf, readTraces, type TrainingSeries } from '../../../src/forecasting/training/read-traces';
import { trainPeak } from '../../../src/forecasting/training/train-peak';
import { measurePeaks, type JudgedPeak, type PeakMeasures } from './peak-measures';

const FOLDS = 4;
const SEED = 1;

interface DayTask {
  readonly series_id: string;
  readonly kind: string;
  readonly timestamps: readonly number[];
}

/** The day that each day task asks for. */
async function examplesOfTasks(file: string, traces: readonly TrainingSeries[]): Promise<PeakExample[]> {
  const byId = new Map(traces.map((series) => [series.id, series]));
  const examples: PeakExample[] = [];
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const task = JSON.parse(line) as DayTask;
    const series = byId.get(task.series_id);
    if (task.kind !== 'day' || series === undefined) continue;
    const origin = Math.round(((task.timestamps.at(-1) as number) - series.startAtSeconds) / series.stepSeconds) + 1;
    const example = peakExample(series, origin);
    if (example !== null) examples.push(example);
  }
  return examples;
}

function judge(examples: readonly PeakExample[], gates: readonly PeakWeights[]): JudgedPeak[] {
  const counts = new Map<string, number>();
  for (const { seriesId } of examples) counts.set(seriesId, (counts.get(seriesId) ?? 0) + 1);
  return examples.flatMap((example) => {
    const gate = gates[foldOf(example.entity, FOLDS)] as PeakWeights;
    const mixed = mixPeak(gate, example.input);
    return mixed === null ? [] : [{ example, forecast: shiftPeak(gate, mixed), weight: 1 / (counts.get(example.seriesId) as number) }];
  });
}

/** Prints figures beside targets. @returns whether all are met */
function report(title: string, measures: PeakMeasures): boolean {
  const rows: readonly (readonly [string, number, string, boolean])[] = [
    ['0.95 quantile held', measures.held, '0.93..0.97', measures.held >= 0.93 && measures.held <= 0.97],
    ['mean headroom over widened yesterday', measures.meanHeadroomRatio, '<= 0.7', measures.meanHeadroomRatio <= 0.7],
    ['median headroom over widened yesterday', measures.medianHeadroomRatio, '<= 0.7', measures.medianHeadroomRatio <= 0.7],
    ['0.95 pinball loss over yesterday', measures.lossRatio, '<= 0.8', measures.lossRatio <= 0.8],
  ];
  process.stdout.write(`\n${title} (${measures.count} days; yesterday's rule held ${measures.yesterdayHeld.toFixed(3)}, widened x${measures.widenedBy.toFixed(2)})\n`);
  for (const [name, figure, target, met] of rows) process.stdout.write(`  ${name.padEnd(40)} ${figure.toFixed(3)}  target ${target}  ${met ? 'met' : 'MISSED'}\n`);
  process.stdout.write(`  0.95 pinball loss without the worst 2.5 %: ${measures.trimmedLossRatio.toFixed(3)}; over widened yesterday: ${measures.lossRatioToWidened.toFixed(3)}\n`);
  process.stdout.write(`  days below the levels 0.05, 0.25, 0.5, 0.75, 0.9: ${[0, 4, 9, 14, 17].map((l) => (measures.below[l] as number).toFixed(3)).join(', ')}\n`);
  return rows.every(([, , , met]) => met);
}

async function main({ data, tasks }: { readonly data: string; readonly tasks?: string }): Promise<void> {
  const tf = await loadTensorBackend();
  const traces = readTraces(data);
  const examplesAt = (settled: boolean) => traces.flatMap((series) => peakOrigins(series, settled).flatMap((origin) => peakExample(series, origin) ?? []));
  const examples = examplesAt(false);
  const gates = Array.from({ length: FOLDS }, (_, fold) => trainPeak(tf, examples.filter(({ entity }) => foldOf(entity, FOLDS) !== fold), SEED));
  let met = report('Days of unseen machines, each series counting the same', measurePeaks(judge(examplesAt(true), gates)));
  if (tasks !== undefined) {
    const ofTasks = judge(await examplesOfTasks(tasks, traces), gates).map((one) => ({ ...one, weight: 1 }));
    met = report('The tasks, each by a gate that saw nothing of its machine', measurePeaks(ofTasks)) && met;
  }
  process.exitCode = met ? 0 : 1;
}

new Command('bench:peak')
  .description("Measures the forecast of the day's highest value by folds over machines.")
  .requiredOption('--data <dir>', 'folder with traces/', (dir) => resolve(dir))
  .option('--tasks <file>', 'also measure on these day tasks, one JSON a line')
  .action(main)
  .parseAsync()
  .catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  });
