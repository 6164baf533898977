import { loadavg } from 'node:os';
import Table from 'cli-table3';
import { DEFAULT_GATE } from '../../../src/domain/judge/ramp-gate';
import { FAMILIES, NO_REGRESSION, type Regression } from './generated-traffic';
import { runRamp, type RampOutcome, type RampRun, type RampStep } from './run-ramp';

const FALSE_ABORTS_AT_MOST = 0.01;
const TWICE_THE_ERRORS: Regression = { errorTimes: 2, latencyTimes: 1 };
const THIRTY_PERCENT_SLOWER: Regression = { errorTimes: 1, latencyTimes: 1.3 };
/** Of both sides together. */
const REQUESTS_PER_SECOND = [20, 100, 400];
const RAMP: readonly RampStep[] = [...[1, 5, 25, 50, 100].map((shadowPercent) => ({ shadowPercent, seconds: 60 })), { shadowPercent: 100, seconds: 180 }];
/** As Kayenta wants it: a baseline and a canary of the same size. */
const HALVES: readonly RampStep[] = [{ shadowPercent: 50, seconds: 300 }];

/**
 * The ramp's judge on seeded traffic, looked at every second, beside Kayenta's rule on the same seconds: how often each
 * sends back a shadow that is like the source, and how soon one that is not. The exit code is 1 where a target is missed.
 */
function main(runs: number, compared: number): void {
  console.log(`${runs} ramps a row without a regression, ${compared} with one; looks every second; load of the machine ${loadavg()[0]?.toFixed(2)}`);
  const held = [falseAborts(runs), detection('errors twice as frequent', TWICE_THE_ERRORS, compared), detection('answers 30 % slower', THIRTY_PERCENT_SLOWER, compared)];
  if (held.includes(false)) process.exitCode = 1;
}

function falseAborts(runs: number): boolean {
  const table = new Table({ head: ['no regression', 'requests/s', 'sent back, ramp', 'sent back, halves', 'median s to pass each step'], style: { head: [], border: [] } });
  let held = true;
  for (const family of FAMILIES) {
    for (const requestsPerSecond of REQUESTS_PER_SECOND.slice(0, 2)) {
      const ramps = outcomes({ family, requestsPerSecond, steps: RAMP, regression: NO_REGRESSION }, runs, false);
      const halves = outcomes({ family, requestsPerSecond, steps: HALVES, regression: NO_REGRESSION }, runs, false);
      const rates = [ramps, halves].map((all) => all.filter(({ oursAt }) => oursAt !== null).length / runs);
      held &&= rates.every((rate) => rate <= FALSE_ABORTS_AT_MOST);
      const passed = RAMP.map((_, step) => shown(median(ramps.map(({ passedAt }) => passedAt[step] ?? null))));
      table.push([family.name, requestsPerSecond, ...rates.map((rate) => `${(100 * rate).toFixed(2)} %`), passed.join(' ')]);
    }
  }
  console.log(`${table.toString()}\nfalse aborts, target at most ${100 * FALSE_ABORTS_AT_MOST} %: ${verdict(held)}`);
  return held;
}

/** Both judges until the end of the halves; a rule that sends like shadows back as well is not earlier for it, so that its false aborts stand beside. */
function detection(title: string, regression: Regression, runs: number): boolean {
  const table = new Table({ head: [title, 'requests/s', 'ours, median s', 'missed', "Kayenta's, median s", 'missed', 'false in as many'], style: { head: [], border: [] } });
  let held = true;
  for (const family of FAMILIES) {
    for (const requestsPerSecond of REQUESTS_PER_SECOND) {
      const all = outcomes({ family, requestsPerSecond, steps: HALVES, regression }, runs, true);
      const none = outcomes({ family, requestsPerSecond, steps: HALVES, regression: NO_REGRESSION }, runs, true);
      const [ours, theirs] = [all.map(({ oursAt }) => oursAt), all.map(({ kayentaAt }) => kayentaAt)];
      const [oursMissed, theirsMissed] = [ours, theirs].map((times) => times.filter((at) => at === null).length) as [number, number];
      const earlier = median(ours) < median(theirs) || (median(ours) === Infinity && median(theirs) === Infinity);
      held &&= earlier && oursMissed <= theirsMissed;
      table.push([family.name, requestsPerSecond, shown(median(ours)), oursMissed, shown(median(theirs)), theirsMissed, `${none.filter(({ oursAt }) => oursAt !== null).length} and ${none.filter(({ kayentaAt }) => kayentaAt !== null).length}`]);
    }
  }
  console.log(`${table.toString()}\n${title}: earlier than Kayenta's rule at no more misses in every row, target: ${verdict(held)}`);
  return held;
}

function outcomes(run: Omit<RampRun, 'seed'>, runs: number, withKayenta: boolean): RampOutcome[] {
  return Array.from({ length: runs }, (_, i) => runRamp({ ...run, seed: i + 1 }, DEFAULT_GATE, withKayenta));
}

/** Infinity where half of them never came. */
function median(times: readonly (number | null)[]): number {
  return times.map((at) => at ?? Infinity).toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Infinity;
}

function shown(seconds: number): string {
  return seconds === Infinity ? 'never' : String(seconds);
}

function verdict(held: boolean): string {
  return held ? 'held' : 'MISSED';
}

const [runs = '1000', compared = '100'] = process.argv.slice(2);
main(Number(runs), Number(compared));
