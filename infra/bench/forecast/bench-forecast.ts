import { loadavg } from 'node:os';
import Table from 'cli-table3';
import { Command } from 'commander';
import { wholeNumber } from '../../../src/cli/parse-options';
import { createForecastEngine } from '../../../src/forecasting/forecast-engine';
import { modelNamed } from '../../../src/forecasting/forecast-request';
import { generatedLoad } from './generated-loads';
import { measureMemory, measureTicks } from './measure-engine';
import { measureGate } from './measure-gate';
import { measurePeers } from './measure-peers';

/** Half an hour, asked at every step; and a day, asked every hour. */
const SHORT = { steps: 6, between: 1 };
const DAY = { steps: 288, between: 12 };

/** Series of a call whose memory is measured: it shall not grow with them. */
const BATCHES: readonly number[] = [1000, 3000, 10_000];
const MOST_MEMORY_MIB = 150;

interface Row {
  readonly what: string;
  readonly figure: number;
  readonly unit: string;
  /** What the figure must not pass, or with `atLeast` must reach; null for one that is only told. */
  readonly target: number | null;
  readonly atLeast?: boolean;
}

interface Options {
  readonly series: number;
  readonly peerSeries: number;
  readonly peers: boolean;
}

/** Times forecasts of many series against targets and peers; the exit code is 1 where a target is missed. */
async function main({ series, peerSeries, peers }: Options): Promise<void> {
  console.log(`${series} series of 2016 points, 19 quantiles, CPU of one thread; load of the machine ${loadavg()[0]?.toFixed(2)}`);
  const rows: Row[] = [];
  const tell = (row: Row) => {
    rows.push(row);
    process.stderr.write(`${row.what}: ${show(row.figure)} ${row.unit}\n`);
  };
  tell({ what: 'start of a forecast thread, wall', figure: await threadStartMs(), unit: 'ms', target: 2000 });
  const gate = modelNamed('gate');
  const short = await measureGate(gate, series, SHORT.steps, SHORT.between);
  tell({ what: 'balanced, 30 min, each step', figure: short.tickMs, unit: 'ms/series', target: 1 });
  const day = await measureGate(gate, series, DAY.steps, DAY.between);
  tell({ what: 'balanced, 24 h, each hour', figure: day.tickMs, unit: 'ms/series', target: 4 });
  tell({ what: 'accurate, 24 h, a series just met', figure: day.firstMs, unit: 'ms/series', target: 50 });
  const fast = modelNamed('fast-gate');
  tell({ what: 'fast, 30 min, each step', figure: (await measureGate(fast, series, SHORT.steps, SHORT.between)).tickMs, unit: 'ms/series', target: 0.3 });
  tell({ what: 'fast, 24 h, each hour', figure: (await measureGate(fast, series, DAY.steps, DAY.between)).tickMs, unit: 'ms/series', target: 1 });
  const ticks = await measureTicks(series, SHORT.steps);
  tell({ what: 'engine, 30 min, first tick', figure: ticks.coldMs, unit: 'ms/series', target: null });
  tell({ what: 'engine, 30 min, each later tick', figure: ticks.warmMs, unit: 'ms/series', target: null });
  tell({ what: `memory of ${series} kept series`, figure: ticks.keptMiB, unit: 'MiB', target: null });
  const memory = new Map<number, number>();
  for (const batch of BATCHES) {
    memory.set(batch, await measureMemory(batch, SHORT.steps));
    tell({ what: `memory of a call of ${batch} series, beside them`, figure: memory.get(batch) as number, unit: 'MiB', target: MOST_MEMORY_MIB });
  }
  if (peers) {
    for (const { peer, horizon, seconds } of await measurePeers(peerSeries, [SHORT.steps, DAY.steps])) {
      const own = horizon === SHORT.steps ? short.tickMs : day.tickMs;
      const wanted = horizon === DAY.steps ? 80 : peer === 'Prophet' ? 100 : peer === 'AutoTheta' ? null : 20;
      tell({ what: `${peer}'s time over balanced, ${horizon === SHORT.steps ? '30 min' : '24 h'}`, figure: (seconds * 1000) / own, unit: `x (${show(seconds * 1000)} ms)`, target: wanted, atLeast: true });
    }
  }
  const table = new Table({ head: ['', 'measured', 'target', ''], style: { head: [], border: [] } });
  for (const row of rows) table.push([row.what, `${show(row.figure)} ${row.unit}`, row.target === null ? '' : `${row.atLeast === true ? '>=' : '<='} ${row.target}`, row.target === null ? '' : held(row) ? 'held' : 'MISSED']);
  console.log(table.toString());
  if (!rows.every(held)) process.exitCode = 1;
}

function held({ figure, target, atLeast = false }: Row): boolean {
  return target === null || (atLeast ? figure >= target : figure <= target);
}

function show(figure: number): string {
  return figure >= 100 ? figure.toFixed(0) : figure.toPrecision(3);
}

async function threadStartMs(): Promise<number> {
  const engine = createForecastEngine({ threads: 1 });
  const startedMs = performance.now();
  await engine.forecast([{ series: generatedLoad(0, 300), horizonSteps: SHORT.steps }]);
  const ms = performance.now() - startedMs;
  await engine.close();
  return ms;
}

new Command('bench:forecast')
  .description('CPU time of forecasts, against targets and against Prophet and StatsForecast (from PyPI, in the project\'s cache).')
  .option('--series <n>', 'series a batch', wholeNumber(1), 1000)
  .option('--peer-series <n>', 'series that the peers are timed on', wholeNumber(1), 12)
  .option('--no-peers', 'leave the peers out')
  .action(main)
  .parseAsync()
  .catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  });
