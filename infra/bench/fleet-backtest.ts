import { loadavg } from 'node:os';
import Table from 'cli-table3';
import { usdPerHour } from '../../src/adapters/aws/price-snapshot';
import { DEFAULT_PLAN_POLICY } from '../../src/domain/fleet-plan/plan-policy';
import type { Shape } from '../../src/domain/shape';
import { readTraces, type TrainingSeries } from '../../src/forecasting/training/read-traces';
import { buildFleetCase } from '../../src/simulation/fleet/build-case';
import { comparePolicies, type PolicyScore } from '../../src/simulation/fleet/compare-policies';
import { BASELINES, policiesOf, type NamedPlan } from '../../src/simulation/fleet/policies-by-name';
import { replayFleet, type ReplayResult } from '../../src/simulation/fleet/replay';

const DAY_MS = 86_400_000;
const STEP_MS = 300_000;
const WARM_UP_DAYS = 14;
const REPLAY_DAYS = 14;
const TARGETS_PERCENT = [40, 50, 60, 70];
const SIZES = ['large', 'xlarge', '2xlarge', '4xlarge', '8xlarge'];
const START_SIZE = 2;

const SHAPES: readonly Shape[] = SIZES.map((size, i) => ({
  name: `m7i.${size}`,
  family: 'm7i',
  vcpus: 2 ** (i + 1),
  memoryMiB: 8192 * 2 ** i,
  networkGbps: 12.5,
  architecture: 'x86_64',
  usdPerHour: usdPerHour(`m7i.${size}`) ?? 0,
}));

/** What an overloaded minute is worth, in minutes of the instance: the setting by which users weigh safety against cost. */
const RATIOS = [10, 20, 30, 45, 60];
const DEFAULT_RATIO = DEFAULT_PLAN_POLICY.sizing.overloadCostRatio.standard;
const SETTINGS = RATIOS.map((ratio) => ({ name: nameOf(ratio), policy: { ...DEFAULT_PLAN_POLICY, sizing: { ...DEFAULT_PLAN_POLICY.sizing, overloadCostRatio: { critical: ratio, standard: ratio, relaxed: ratio } } } }));

interface Replayed {
  readonly whole: readonly PolicyScore[];
  readonly halves: readonly [readonly PolicyScore[], readonly PolicyScore[]];
}

/**
 * Replays every family of recorded load under every policy. The exit code is 1 where the default setting does not overload less at no more cost than the best baseline, or where the
 * setting that did best in the first half of the time does not in the second.
 */
async function main(data: string, seriesAtMost: number, families: readonly string[]): Promise<void> {
  const traces = readTraces(data).filter(({ stepSeconds, family }) => stepSeconds * 1000 === STEP_MS && (families.length === 0 || families.includes(family)));
  console.log(`up to ${WARM_UP_DAYS} days of history, then up to ${REPLAY_DAYS} replayed; load of the machine ${loadavg()[0]?.toFixed(2)}`);
  let missed = false;
  for (const family of [...new Set(traces.map((one) => one.family))]) {
    const replayed = await replayFamily(traces.filter((one) => one.family === family).slice(0, seriesAtMost));
    const verdicts = [judge(nameOf(DEFAULT_RATIO), replayed.whole), judgeChoice(replayed)];
    missed ||= verdicts.some(({ held }) => !held);
    const table = new Table({ head: [family, 'overload min', 'SLA min', 'USD', 'USD with overload', 'moves', 'ping-pongs', 'regret USD'], style: { head: [], border: [] } });
    for (const one of replayed.whole) {
      table.push([one.policy, one.overloadMinutes, one.slaMinutes, one.usd.toFixed(1), one.sumUsd.toFixed(1), one.moves, one.pingPongs, one.regretUsd?.toFixed(1) ?? '']);
    }
    console.log([table.toString(), ...verdicts.map(({ text }) => text)].join('\n'));
  }
  if (missed) process.exitCode = 1;
}

function nameOf(ratio: number): string {
  return `foreshift-${ratio}`;
}

async function replayFamily(series: readonly TrainingSeries[]): Promise<Replayed> {
  const shortest = Math.min(...series.map(({ values }) => values.length));
  const warmUpMs = Math.min(WARM_UP_DAYS * DAY_MS, Math.floor(shortest / 2) * STEP_MS);
  const steps = Math.round((warmUpMs + REPLAY_DAYS * DAY_MS) / STEP_MS);
  const shape = SHAPES[START_SIZE] as Shape;
  const loads = series.map(({ id, entity, values }) => ({ id, service: entity, slaClass: 'standard' as const, shape, startAtMs: 0, values: values.slice(0, steps) }));
  const fleet = buildFleetCase(loads, { stepMs: STEP_MS, warmUpMs, unit: 'scaled', shapes: SHAPES, policy: DEFAULT_PLAN_POLICY });
  const [first, ...others] = SETTINGS as [NamedPlan, ...NamedPlan[]];
  const results = await replayFleet(fleet, policiesOf(fleet, [first, ...others], BASELINES, TARGETS_PERCENT));
  const scoresOf = (part: readonly ReplayResult[]): PolicyScore[] => comparePolicies(fleet, part, DEFAULT_PLAN_POLICY.sizing);
  return { whole: scoresOf(results), halves: [scoresOf(results.map(({ halves }) => halves[0])), scoresOf(results.map(({ halves }) => halves[1]))] };
}

interface Verdict {
  readonly held: boolean;
  readonly text: string;
}

function judge(policy: string, scores: readonly PolicyScore[]): Verdict {
  const own = scores.find((one) => one.policy === policy) as PolicyScore;
  const best = bestBaseline(scores);
  const held = isNoWorse(own, best) && own.pingPongs === 0;
  return { held, text: `${policy} against ${best.policy}: overload ${own.overloadMinutes} of ${best.overloadMinutes} min, ${own.usd.toFixed(1)} of ${best.usd.toFixed(1)} USD, ${own.pingPongs} ping-pongs: ${held ? 'held' : 'MISSED'}` };
}

/** The setting is chosen as a user would by a backtest: the safest that costs no more than the best baseline did, else the cheapest. The baseline of the second half is the best of that half. */
function judgeChoice({ halves: [seen, coming] }: Replayed): Verdict {
  const best = bestBaseline(seen);
  const own = seen.filter(({ policy }) => policy.startsWith('foreshift-'));
  const within = own.filter(({ usd }) => usd <= best.usd).toSorted((a, b) => a.overloadMinutes - b.overloadMinutes);
  const [chosen] = within.length > 0 ? within : own.toSorted((a, b) => a.usd - b.usd);
  const { held, text } = judge(chosen?.policy ?? '', coming);
  return { held, text: `chosen by the first half, in the second: ${text}` };
}

/** The causal one that moves anything with the least sum of price and overload. */
function bestBaseline(scores: readonly PolicyScore[]): PolicyScore {
  const [best] = scores.filter(({ policy }) => /^(reactive|hourly)/.test(policy));
  if (best === undefined) throw new Error('no baseline was replayed');
  return best;
}

function isNoWorse(own: PolicyScore, other: PolicyScore): boolean {
  return own.overloadMinutes <= other.overloadMinutes && own.usd <= other.usd;
}

const [data = '', most = '25', ...families] = process.argv.slice(2);
if (data === '') throw new Error('expected the folder of the traces: npm run bench:fleet -- DATA [SERIES OF A FAMILY [FAMILY ...]]');
main(data, Number(most), families).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
