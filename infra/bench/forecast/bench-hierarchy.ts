import { resolve } from 'node:path';
import { Command } from 'commander';
import { createRandomStream } from '../../../src/domain/seeded-random';
import { fillGaps } from '../../../src/forecasting/fill-gaps';
import { STANDARD_LEVELS, type SeriesPrediction } from '../../../src/forecasting/forecast-model';
import { createGateModel } from '../../../src/forecasting/gate/gate-model';
import { GATE } from '../../../src/forecasting/gate/gate-settings';
import { shippedGates } from '../../../src/forecasting/gate/shipped-gates';
import type { ChildForecast } from '../../../src/forecasting/hierarchy/child-forecast';
import { sumForecasts } from '../../../src/forecasting/hierarchy/sum-forecasts';
import type { LoadSeries } from '../../../src/forecasting/load-series';
import { readPlanetLab, readTraces } from '../../../src/forecasting/training/read-traces';

const DAY = 288;
const STEP_MS = 300_000;
const LONGEST_HISTORY = 14 * DAY;
const PLANETLAB_MACHINES = 60;
const PLANETLAB_DAYS = 3;
const ORIGINS = 24;
const WAYS = ['shuffled', 'quantiles added', 'independent', 'sum forecast directly'] as const;
type Way = (typeof WAYS)[number];
type Sum = Pick<SeriesPrediction, 'quantiles' | 'peakQuantiles'>;

/** Loads that were measured at the same times. */
interface Group {
  readonly name: string;
  readonly rows: readonly (readonly (number | null)[])[];
}

const model = createGateModel(shippedGates, GATE);

async function predict(histories: readonly (readonly (number | null)[])[], horizon: number): Promise<SeriesPrediction[]> {
  const series: LoadSeries[] = histories.map((values, i) => ({ id: String(i), startAtMs: 0, stepMs: STEP_MS, values, bounds: { lower: 0 } }));
  return (await model.fit(series, { seed: 1 })).predict(horizon, STANDARD_LEVELS);
}

function summed(rows: readonly (readonly (number | null)[])[]): number[] {
  const filled = rows.map((row) => fillGaps(row, DAY).values);
  return Array.from({ length: (filled[0] as Float64Array).length }, (_, i) => filled.reduce((sum, row) => sum + (row[i] as number), 0));
}

function bySum(predictions: readonly SeriesPrediction[], histories: readonly (readonly (number | null)[])[], horizon: number): Sum {
  const children = predictions.map((forecast, i): ChildForecast => ({ id: String(i), localities: ['all'], weight: 1, capacity: 1, forecast: { ...forecast, peak: forecast.peakQuantiles }, history: histories[i] ?? [] }));
  const [sum] = sumForecasts(children, { horizon, levels: STANDARD_LEVELS, dayLength: DAY, bounds: { lower: 0 }, seed: 1 });
  return { quantiles: sum?.quantiles ?? [], peakQuantiles: sum?.peak ?? [] };
}

async function sumsOf(histories: readonly (readonly (number | null)[])[], horizon: number): Promise<Record<Way, Sum>> {
  const predictions = await predict(histories, horizon);
  const add = (rowOf: (one: SeriesPrediction) => readonly number[]) => STANDARD_LEVELS.map((_, l) => predictions.reduce((total, one) => total + (rowOf(one)[l] as number), 0));
  const random = createRandomStream(5);
  const [direct] = await predict([summed(histories)], horizon);
  return {
    shuffled: bySum(predictions, histories, horizon),
    'quantiles added': { quantiles: Array.from({ length: horizon }, (_, h) => add((one) => one.quantiles[h] as readonly number[])), peakQuantiles: add((one) => one.peakQuantiles) },
    // Histories of chance alone give ranks of chance.
    independent: bySum(predictions, histories.map((row) => row.map(() => random())), horizon),
    'sum forecast directly': direct as SeriesPrediction,
  };
}

interface Score {
  loss: number[];
  readonly counts: { steps: number; in80: number; in90: number; below90: number; peakBelow90: number };
}

function score({ quantiles, peakQuantiles }: Sum, truth: readonly number[], into: Score): void {
  let loss = 0;
  truth.forEach((value, h) => {
    const row = quantiles[h] as readonly number[];
    STANDARD_LEVELS.forEach((level, l) => (loss += Math.max(level * (value - (row[l] as number)), (level - 1) * (value - (row[l] as number)))));
    const within = (from: number, to: number) => (value >= (row[from] as number) && value <= (row[to] as number) ? 1 : 0);
    into.counts.in80 += within(1, 17);
    into.counts.in90 += within(0, 18);
    into.counts.below90 += value <= (row[17] as number) ? 1 : 0;
  });
  into.counts.steps += truth.length;
  into.counts.peakBelow90 += Math.max(...truth) <= (peakQuantiles[17] as number) ? 1 : 0;
  into.loss.push(loss / truth.length);
}

async function compare(title: string, groups: readonly Group[], horizon: number, fewest: number): Promise<void> {
  const scores = new Map<Way, Score>(WAYS.map((way) => [way, { loss: [], counts: { steps: 0, in80: 0, in90: 0, below90: 0, peakBelow90: 0 } }]));
  for (const { rows } of groups) {
    const length = Math.min(...rows.map((row) => row.length));
    for (let i = 0; i < ORIGINS; i++) {
      const origin = fewest + Math.floor(((length - horizon - fewest) * (i + 0.5)) / ORIGINS);
      const histories = rows.map((row) => row.slice(Math.max(0, origin - LONGEST_HISTORY), origin));
      const truth = summed(rows.map((row) => row.slice(0, origin + horizon))).slice(origin);
      const sums = await sumsOf(histories, horizon);
      for (const way of WAYS) score(sums[way], truth, scores.get(way) as Score);
    }
  }
  const direct = (scores.get('sum forecast directly') as Score).loss;
  process.stdout.write(`\n${title}: ${groups.length} sums of ${groups[0]?.rows.length ?? 0} loads, ${horizon} steps, ${direct.length} moments\n`);
  process.stdout.write('  way                     loss over direct  cov80  cov90  below 0.9  peak below 0.9\n');
  for (const way of WAYS) {
    const { loss, counts } = scores.get(way) as Score;
    const ratio = Math.exp(loss.reduce((sum, one, i) => sum + Math.log(one / (direct[i] as number)), 0) / loss.length);
    const shares = [counts.in80, counts.in90, counts.below90].map((count) => (count / counts.steps).toFixed(3));
    process.stdout.write(`  ${way.padEnd(22)}  ${ratio.toFixed(3).padStart(16)}  ${shares[0]}  ${shares[1]}  ${(shares[2] as string).padStart(9)}  ${(counts.peakBelow90 / loss.length).toFixed(3).padStart(14)}\n`);
  }
}

async function main({ data }: { readonly data: string }): Promise<void> {
  const byMetric = new Map<string, (readonly (number | null)[])[]>();
  for (const { family, id, values } of readTraces(data)) {
    if (family !== 'asd') continue;
    const metric = id.split('_').at(-1) as string;
    byMetric.set(metric, [...(byMetric.get(metric) ?? []), values]);
  }
  const servers = [...byMetric].map(([name, rows]) => ({ name, rows }));
  const days = new Map<string, (readonly (number | null)[])[]>();
  for (const { id, values } of readPlanetLab(data)) {
    const day = id.split('/')[1] as string;
    const rows = days.get(day) ?? [];
    if (rows.length < PLANETLAB_MACHINES) days.set(day, [...rows, values]);
  }
  const machines = [...days].slice(0, PLANETLAB_DAYS).map(([name, rows]) => ({ name, rows }));
  await compare('PlanetLab machines of a day', machines, 6, 144);
  await compare('ASD servers', servers, 24, 5 * DAY);
  await compare('ASD servers', servers, DAY, 8 * DAY);
}

new Command('bench:hierarchy')
  .description('Compares ways of forecasting sums of loads on the traces below a folder.')
  .requiredOption('--data <dir>', 'folder with traces/ and planetlab/', (dir) => resolve(dir))
  .action(main)
  .parseAsync()
  .catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  });
