import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { medianOf } from '../../../src/forecasting/quantile-of-sorted';
import { HORIZONS, POINTS, scoreColdStart, WAYS, type ColdStartScore, type Way } from './cold-start';
import { readKinGroups } from './kin-groups';
import { createReport } from './report';

/** What a profile must leave of each of these ways' loss, on the median over series; up to two hours of own points, and at half a day. */
const RIVALS: readonly Way[] = ['last value', 'own history', 'kin average'];
const EARLY = { most: 24, target: 0.85 };
const LATE_TARGET = 1.02;
const COVERAGE = { low: 0.76, high: 0.84 };

interface Options {
  readonly data: string;
  readonly only?: string;
  readonly save?: string;
}

/** Forecasts series of real traces from their kin and few own points, and prints loss and coverage by horizon and family; the exit code is 1 where a target is missed. */
async function main({ data, only, save }: Options): Promise<void> {
  const scores: ColdStartScore[] = [];
  for (const group of readKinGroups(data, only ?? null)) scores.push(...(await scoreColdStart(group, (what) => process.stderr.write(`${what}\n`))));
  if (save !== undefined) writeFileSync(save, JSON.stringify(scores));
  const report = createReport();
  for (const horizon of HORIZONS) {
    for (const points of POINTS) {
      const some = scores.filter((one) => one.horizon === horizon && one.points === points);
      const title = `${horizon === 6 ? '30 min' : '24 h'}, ${points} points`;
      for (const way of RIVALS) {
        const ratio = medianRatio(some, way);
        if (ratio !== null) report.atMost(`${title}: loss over ${way}, median of series`, ratio, points <= EARLY.most ? EARLY.target : LATE_TARGET);
      }
      const covered = meanCoverage(some);
      if (covered !== null) report.within(`${title}: held by 80 % intervals`, covered, COVERAGE.low, COVERAGE.high);
    }
  }
  printFamilies(scores);
  console.log(`load of the machine ${loadavg()[0]?.toFixed(2)}`);
  report.print();
}

/** The median over series of the profile's loss over another way's; null where that way could not forecast. */
function medianRatio(scores: readonly ColdStartScore[], way: Way): number | null {
  const losses = new Map(scores.filter((one) => one.way === way).map((one) => [one.series, one.loss]));
  const ratios = scores.flatMap((one) => (one.way === 'profile' && (losses.get(one.series) ?? 0) > 0 ? [one.loss / (losses.get(one.series) as number)] : []));
  return ratios.length === 0 ? null : medianOf(ratios);
}

function meanCoverage(scores: readonly ColdStartScore[]): number | null {
  const own = scores.filter(({ way }) => way === 'profile');
  return own.length === 0 ? null : own.reduce((sum, { covered80 }) => sum + covered80, 0) / own.length;
}

/** A table in the form of the documentation: each family, horizon and count of points a line. */
function printFamilies(scores: readonly ColdStartScore[]): void {
  const others = WAYS.filter((way) => way !== 'profile');
  console.log(`| family | horizon | points | series | ${others.join(' | ')} | cov80 |\n|---|---|---|---|${others.map(() => '---|').join('')}---|`);
  for (const family of ['all', ...new Set(scores.map((one) => one.family))]) {
    for (const horizon of HORIZONS) {
      for (const points of POINTS) {
        const some = scores.filter((one) => one.horizon === horizon && one.points === points && (family === 'all' || one.family === family));
        const covered = meanCoverage(some);
        if (covered === null) continue;
        const cells = others.map((way) => medianRatio(some, way)?.toFixed(2) ?? '-');
        console.log(`| ${family} | ${horizon === 6 ? '30 min' : '24 h'} | ${points} | ${some.filter(({ way }) => way === 'profile').length} | ${cells.join(' | ')} | ${covered.toFixed(2)} |`);
      }
    }
  }
}

new Command('bench:profiles')
  .description('Cold start on real traces: forecasts from kin and 0, 6, 24 and 144 own points against simpler ways.')
  .requiredOption('--data <dir>', 'folder with traces/ and planetlab/', (dir) => resolve(dir))
  .option('--only <text>', 'only groups whose name holds this')
  .option('--save <file>', 'write every series\' scores as JSON')
  .action(main)
  .parseAsync()
  .catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 2;
  });
