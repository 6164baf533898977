import { loadavg } from 'node:os';
import Table from 'cli-table3';
import { DEFAULT_PLAN_POLICY } from '../../../src/domain/fleet-plan/plan-policy';
import { DEFAULT_ADJUSTMENT_POLICY, withTradeoff, type AdjustmentPolicy } from '../../../src/domain/shapes/adjustment/adjustment-policy';
import { modelNamed } from '../../../src/forecasting/forecast-request';
import { DemandForecasts } from '../../../src/simulation/fleet/demand-forecasts';
import type { FleetCase } from '../../../src/simulation/fleet/fleet-case';
import { replayFleet, type FleetPolicy, type ReplayResult } from '../../../src/simulation/fleet/replay';
import { createAdjustingPolicy } from '../../../src/simulation/shapes/adjusting-policy';
import { createFixedPolicy, createPercentilePolicy, createThresholdPolicy } from '../../../src/simulation/shapes/sizing-baselines';
import { dominatedBy, type TradeOff } from './pareto';
import { FLAT, flatCase, traceCases } from './trace-cases';

const TRADEOFFS = [0.1, 0.2, 0.35, 0.5, 0.65, 0.8];
/** So many settings must lie on or beyond the front of the others, over all families together. */
const SETTINGS_WANTED = 4;
const THRESHOLDS = [[60, 30], [70, 35], [80, 40], [90, 45]] as const;
/** Compute Optimizer's default, and others out of the values that its API takes (P90, P95, P99.5; 0, 20, 30 %). */
const PERCENTILES = [[0.995, 20], [0.995, 30], [0.95, 30], [0.9, 0]] as const;
const FORECAST_EVERY_MS = 1_800_000;
const DAY_MS = 86_400_000;

/** Memory counts as overloaded at the same utilization as CPU here, for one limit judges both. */
const POLICY: AdjustmentPolicy = { ...DEFAULT_ADJUSTMENT_POLICY, sizing: { ...DEFAULT_ADJUSTMENT_POLICY.sizing, limitPercent: { ...DEFAULT_ADJUSTMENT_POLICY.sizing.limitPercent, memory: DEFAULT_ADJUSTMENT_POLICY.sizing.limitPercent.cpu } } };

/** Replays every family of recorded load under every way of sizing; the exit code is 1 where fewer than four of the product's settings lie on or beyond the others' Pareto front over all families, or flat load makes it switch. */
async function main(data: string, seriesAtMost: number, replayDays: number, only: string | undefined): Promise<void> {
  console.log(`up to ${seriesAtMost} series a family, up to 14 days of history, then up to ${replayDays} replayed; load of the machine ${loadavg()[0]?.toFixed(2)}`);
  const total = new Map<string, TradeOff>();
  for (const { name, resources, fleet } of traceCases(data, DEFAULT_PLAN_POLICY, { seriesAtMost, replayDays })) {
    if (only !== undefined && only !== name) continue;
    const results = await replayFleet(fleet, [...baselines(), ...own(fleet)]);
    report(`${name} (${fleet.instances.length}, ${resources})`, fleet, results);
    for (const { policy, usd, overloadMinutes } of results) {
      const before = total.get(policy);
      total.set(policy, { name: policy, usd: (before?.usd ?? 0) + usd, insufficientMinutes: (before?.insufficientMinutes ?? 0) + overloadMinutes });
    }
  }
  let missed = !reportTotal([...total.values()]);
  const flat = flatCase(DEFAULT_PLAN_POLICY);
  for (const { policy, moves } of await replayFleet(flat, own(flat))) {
    console.log(`flat noisy load, ${FLAT.instances} instances for ${FLAT.days} days, ${policy}: ${moves} switches, target 0: ${moves === 0 ? 'held' : 'MISSED'}`);
    missed ||= moves > 0;
  }
  if (missed) process.exitCode = 1;
}

function baselines(): FleetPolicy[] {
  return [createFixedPolicy(), ...THRESHOLDS.map(([up, down]) => createThresholdPolicy(up, down)), ...PERCENTILES.map(([quantile, headroom]) => createPercentilePolicy(quantile, headroom))];
}

function own(fleet: FleetCase): FleetPolicy[] {
  const pace = { horizonMs: POLICY.sizing.horizonMs, everyMs: FORECAST_EVERY_MS };
  const hasMemory = fleet.instances.some(({ demandMemoryMiB }) => demandMemoryMiB !== null);
  const forecasts = { cpu: new DemandForecasts(fleet, modelNamed('gate'), pace), memory: hasMemory ? new DemandForecasts(fleet, modelNamed('gate'), pace, 'memoryPercent') : null };
  return TRADEOFFS.map((tradeoff) => createAdjustingPolicy(`foreshift ${tradeoff}`, forecasts, withTradeoff(POLICY, tradeoff)));
}

function report(title: string, fleet: FleetCase, results: readonly ReplayResult[]): void {
  const days = ((fleet.instances[0]?.demandVcpus.length ?? 0) - fleet.firstStep) / (DAY_MS / fleet.stepMs);
  const points: TradeOff[] = results.map(({ policy, usd, overloadMinutes }) => ({ name: policy, usd, insufficientMinutes: overloadMinutes }));
  const table = new Table({ head: [title, 'USD', 'insufficient min', 'of these above all it has', 'switches a day each', 'ping-pongs', 'behind'], style: { head: [], border: [] } });
  for (const [i, { policy, usd, overloadMinutes, slaMinutes, moves, pingPongs }] of results.entries()) {
    table.push([policy, usd.toFixed(1), overloadMinutes, slaMinutes, (moves / fleet.instances.length / days).toFixed(2), pingPongs, behind(points[i] as TradeOff, points)]);
  }
  console.log(table.toString());
}

function reportTotal(points: readonly TradeOff[]): boolean {
  const table = new Table({ head: ['all families', 'USD', 'insufficient min', 'behind'], style: { head: [], border: [] } });
  for (const point of points) table.push([point.name, point.usd.toFixed(1), point.insufficientMinutes, behind(point, points)]);
  const held = points.filter((point) => isOwn(point) && behind(point, points) === '').length;
  console.log(`${table.toString()}\n${held} of ${TRADEOFFS.length} trade-offs on or beyond the front of ${points.length - TRADEOFFS.length} baselines, target ${SETTINGS_WANTED}: ${held >= SETTINGS_WANTED ? 'held' : 'MISSED'}`);
  return held >= SETTINGS_WANTED;
}

function behind(point: TradeOff, all: readonly TradeOff[]): string {
  return isOwn(point) ? (dominatedBy(point, all.filter((one) => !isOwn(one)))?.name ?? '') : '';
}

function isOwn({ name }: TradeOff): boolean {
  return name.startsWith('foreshift');
}

const [data = '', most = '8', days = '7', only] = process.argv.slice(2);
if (data === '') throw new Error('expected the folder of the traces: npm run bench:shapes -- DATA [SERIES OF A FAMILY] [DAYS] [FAMILY]');
main(data, Number(most), Number(days), only).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
