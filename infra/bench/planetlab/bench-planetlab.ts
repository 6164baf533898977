import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import Table from 'cli-table3';
import { Command } from 'commander';
import { dayOf, readPlanetlabDay } from '../../../src/cli/simulate/planetlab-day';
import { POLICIES } from '../../../src/simulation/planetlab/policies';
import type { Trace } from '../../../src/simulation/planetlab/read-trace';
import { runDay, type DayResult } from '../../../src/simulation/planetlab/run-day';
import { inAnotherOrder } from './in-another-order';
import { SIGHT_VARIANTS, type SightVariant } from './sight-variants';

/** A day's result, the first three as shares of LRR-MMT's on the same day. */
interface Scores {
  readonly energy: number;
  readonly slav: number;
  readonly esv: number;
  readonly lossPercent: number;
  readonly moves: number;
  readonly seconds: number;
}

/** What the median over the days must not pass: wanted, and at the least. */
const TARGETS = { energy: [0.73, 0.745], slav: [0.003, 0.005], esv: [0.0022, 0.004], lossPercent: [0.013, 0.018] } as const;
type Scored = keyof typeof TARGETS;
const SCORED = Object.keys(TARGETS) as Scored[];

interface Options {
  readonly data: string;
  readonly orders: string;
  readonly variants: boolean;
}

/** Runs all policies on all days and holds the foreshift policy against its targets; the exit code is 1 where one is missed. */
async function main({ data, orders, variants }: Options): Promise<void> {
  const files = readdirSync(data).filter((file) => /\.csv\.gz$/.test(file)).sort();
  if (files.length === 0) throw new Error(`--data ${data}: expected a folder with days, DAY.csv.gz`);
  const days: { name: string; trace: Trace; baseline: DayResult }[] = [];
  for (const file of files) {
    const trace = await readPlanetlabDay(join(data, file));
    for (let order = 0; order < Number(orders); order++) {
      const ordered = order === 0 ? trace : inAnotherOrder(trace, order);
      days.push({ name: order === 0 ? dayOf(file) : `${dayOf(file)}/${order}`, trace: ordered, baseline: runDay(ordered, POLICIES['lrr-mmt']) });
    }
  }
  const contenders: SightVariant[] = [
    { name: 'foreshift', policyFor: () => POLICIES.foreshift },
    { name: 'peakhold', policyFor: () => POLICIES.peakhold },
    ...(variants ? SIGHT_VARIANTS : []),
  ];
  const table = new Table({ head: ['policy', 'day', 'energy', 'SLAV', 'ESV', 'not served %', 'moves', 's'], style: { head: [], border: [] } });
  let ours: Scores | null = null;
  for (const { name, policyFor } of contenders) {
    const all = days.map(({ name: day, trace, baseline }) => {
      const scores = score(trace, policyFor(trace), baseline);
      table.push([name, day, ...shown(scores)]);
      return scores;
    });
    const medians = medianOf(all);
    ours ??= medians;
    table.push([name, 'median', ...shown(medians)]);
    process.stderr.write(`${name}: ${shown(medians).join(' ')}\n`);
  }
  console.log(table.toString());
  for (const what of SCORED) {
    const [wanted, least] = TARGETS[what];
    const figure = (ours as Scores)[what];
    console.log(`${what}: ${figure.toPrecision(4)}, wanted <= ${wanted} ${figure <= wanted ? 'held' : 'MISSED'}, at least <= ${least} ${figure <= least ? 'held' : 'MISSED'}`);
    if (figure > wanted) process.exitCode = 1;
  }
}

function score(trace: Trace, policy: Parameters<typeof runDay>[1], baseline: DayResult): Scores {
  const startedMs = performance.now();
  const { energyKwh, slav, esv, slaOverall, migrations } = runDay(trace, policy);
  const seconds = (performance.now() - startedMs) / 1000;
  return { energy: energyKwh / baseline.energyKwh, slav: slav / baseline.slav, esv: esv / baseline.esv, lossPercent: 100 * slaOverall, moves: migrations, seconds };
}

const shown = ({ energy, slav, esv, lossPercent, moves, seconds }: Scores): string[] => [
  energy.toFixed(4),
  slav.toFixed(5),
  esv.toFixed(5),
  lossPercent.toFixed(4),
  moves.toFixed(0),
  seconds.toFixed(1),
];

function medianOf(all: readonly Scores[]): Scores {
  const of = (what: keyof Scores): number => {
    const sorted = all.map((scores) => scores[what]).sort((a, b) => a - b);
    return ((sorted[(sorted.length - 1) >> 1] as number) + (sorted[sorted.length >> 1] as number)) / 2;
  };
  return { energy: of('energy'), slav: of('slav'), esv: of('esv'), lossPercent: of('lossPercent'), moves: of('moves'), seconds: of('seconds') };
}

new Command()
  .option('--data <dir>', 'the days, DAY.csv.gz', '../shared/data/planetlab')
  .option('--orders <n>', 'each day in so many orders of its VMs: as it is, and shuffled, by which other VMs get other sizes and start on other hosts', '1')
  .option('--no-variants', 'without the variants that see less or more')
  .action(main)
  .parseAsync()
  .catch((error: unknown) => {
    console.error((error as Error).message);
    process.exitCode = 2;
  });
