import { loadavg } from 'node:os';
import Table from 'cli-table3';
import { usdPerHour } from '../../src/adapters/aws/price-snapshot';
import { DEFAULT_PLAN_POLICY } from '../../src/domain/fleet-plan/plan-policy';
import type { Shape } from '../../src/domain/shape';
import { readTraces, type TrainingSeries } from '../../src/forecasting/training/read-traces';
import { buildFleetCase } from '../../src/simulation/fleet/build-case';
import { comparePolicies, type PolicyScore } from '../../src/simulation/fleet/compare-policies';
import { BASELINES, policiesOf } from '../../src/simulation/fleet/policies-by-name';
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

/** Replays every family of recorded load under every policy; the exit code is 1 where the product does not overload less at no more cost than the best baseline. */
async function main(data: string, seriesAtMost: number): Promise<void> {
  const traces = readTraces(data).filter(({ stepSeconds }) => stepSeconds * 1000 === STEP_MS);
  console.log(`up to ${WARM_UP_DAYS} days of history, then up to ${REPLAY_DAYS} replayed; load of the machine ${loadavg()[0]?.toFixed(2)}`);
  let missed = false;
  for (const family of [...new Set(traces.map((one) => one.family))]) {
    const scores = await replayFamily(traces.filter((one) => one.family === family).slice(0, seriesAtMost));
    const verdict = judge(scores);
    missed ||= !verdict.held;
    const table = new Table({ head: [family, 'overload min', 'SLA min', 'USD', 'USD with overload', 'moves', 'ping-pongs', 'regret USD'], style: { head: [], border: [] } });
    for (const one of scores) {
      table.push([one.policy, one.overloadMinutes, one.slaMinutes, one.usd.toFixed(1), one.sumUsd.toFixed(1), one.moves, one.pingPongs, one.regretUsd?.toFixed(1) ?? '']);
    }
    console.log(`${table.toString()}\n${verdict.text}`);
  }
  if (missed) process.exitCode = 1;
}

async function replayFamily(series: readonly TrainingSeries[]): Promise<PolicyScore[]> {
  const shortest = Math.min(...series.map(({ values }) => values.length));
  const warmUpMs = Math.min(WARM_UP_DAYS * DAY_MS, Math.floor(shortest / 2) * STEP_MS);
  const steps = Math.round((warmUpMs + REPLAY_DAYS * DAY_MS) / STEP_MS);
  const shape = SHAPES[START_SIZE] as Shape;
  const loads = series.map(({ id, entity, values }) => ({ id, service: entity, slaClass: 'standard' as const, shape, startAtMs: 0, values: values.slice(0, steps) }));
  const fleet = buildFleetCase(loads, { stepMs: STEP_MS, warmUpMs, unit: 'scaled', shapes: SHAPES, policy: DEFAULT_PLAN_POLICY });
  const results: ReplayResult[] = [];
  for (const policy of policiesOf(fleet, 'foreshift', DEFAULT_PLAN_POLICY, BASELINES, TARGETS_PERCENT)) results.push(await replayFleet(fleet, policy));
  return comparePolicies(fleet, results, DEFAULT_PLAN_POLICY.sizing);
}

/** The best baseline is the causal one that moves anything with the least sum of price and overload. */
function judge(scores: readonly PolicyScore[]): { readonly held: boolean; readonly text: string } {
  const own = scores.find(({ policy }) => policy === 'foreshift') as PolicyScore;
  const [best] = scores.filter(({ policy }) => /^(reactive|hourly)/.test(policy));
  if (best === undefined) return { held: false, text: 'no baseline was replayed' };
  const held = own.overloadMinutes <= best.overloadMinutes && own.usd <= best.usd && own.pingPongs === 0;
  return { held, text: `against ${best.policy}: overload ${own.overloadMinutes} of ${best.overloadMinutes} min, ${own.usd.toFixed(1)} of ${best.usd.toFixed(1)} USD, ${own.pingPongs} ping-pongs: ${held ? 'held' : 'MISSED'}` };
}

const [data = '', most = '25'] = process.argv.slice(2);
if (data === '') throw new Error('expected the folder of the traces: npm run bench:fleet -- DATA [SERIES OF A FAMILY]');
main(data, Number(most)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
