import { loadavg } from 'node:os';
import Table from 'cli-table3';
import { planFleet } from '../../../src/domain/fleet-plan/plan-fleet';
import { DEFAULT_PLAN_POLICY } from '../../../src/domain/fleet-plan/plan-policy';
import { weighInstance, type WeighedInstance } from '../../../src/domain/fleet-plan/weigh-instance';
import { RandomFleet, SHAPES } from './generated-fleet';

const SIZES = [1_000, 3_000, 10_000];
const RUNS = 3;
/** What a decision over the largest fleet may take. */
const TARGET_MS = 2_000;

interface Measured {
  readonly weighMs: number;
  readonly planMs: number;
  readonly moves: number;
  readonly instances: number;
  readonly heapMb: number;
}

/** Times the decision of a tick, forecasts not among it: every instance weighed, and the fleet planned. The exit code is 1 where the largest fleet takes longer than its target. */
function main(): void {
  console.log(`medians of ${RUNS} runs, CPU time; load of the machine ${loadavg()[0]?.toFixed(2)}`);
  const table = new Table({ head: ['instances', 'weigh CPU ms', 'plan CPU ms', 'decision CPU ms', 'target', 'moves', 'heap MB'], style: { head: [], border: [] } });
  let missed = false;
  for (const size of SIZES) {
    const runs = Array.from({ length: RUNS }, (_, i) => measure(size, i + 1)).toSorted((a, b) => a.weighMs + a.planMs - b.weighMs - b.planMs);
    const median = runs[Math.floor(RUNS / 2)] as Measured;
    const decisionMs = median.weighMs + median.planMs;
    const target = size === SIZES.at(-1) ? TARGET_MS : null;
    missed ||= target !== null && decisionMs > target;
    table.push([median.instances, median.weighMs.toFixed(0), median.planMs.toFixed(0), decisionMs.toFixed(0), target ?? '', median.moves, median.heapMb.toFixed(0)]);
  }
  console.log(table.toString());
  if (missed) process.exitCode = 1;
}

/** CPU time of this process: what it takes on a machine that does nothing else. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Forecasts are made and forgotten one by one, as a tick's shards do it. */
function measure(size: number, seed: number): Measured {
  const fleet = new RandomFleet(size, seed);
  const instances: WeighedInstance[] = [];
  let weighMs = 0;
  for (const { facts, forecasts } of fleet.instances()) {
    const startMs = cpuMs();
    instances.push(weighInstance(facts, forecasts, SHAPES, DEFAULT_PLAN_POLICY, 0));
    weighMs += cpuMs() - startMs;
  }
  const startMs = cpuMs();
  const { moves } = planFleet({ atMs: 0, instances, pools: fleet.pools }, { ...DEFAULT_PLAN_POLICY, maxMoves: size });
  const planMs = cpuMs() - startMs;
  globalThis.gc?.();
  const heapMb = process.memoryUsage().heapUsed / 1e6;
  // The instances are kept until here: they are what the heap is measured for.
  return { weighMs, planMs, moves: moves.length, instances: instances.length, heapMb };
}

main();
