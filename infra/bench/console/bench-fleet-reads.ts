import { loadavg } from 'node:os';
import { performance } from 'node:perf_hooks';
import { digestOf } from '../../../src/activities/digest';
import type { Database } from '../../../src/adapters/postgres/database';
import { createForecastStore } from '../../../src/adapters/postgres/forecast-store';
import { createMetricHistory } from '../../../src/adapters/postgres/metric-history';
import { createPlanStore } from '../../../src/adapters/postgres/plan-store';
import { overloadOf } from '../../../src/console/server/ports/instance-views';
import { openInstances } from '../../../src/console/server/ports/open-instances';
import { planFleet } from '../../../src/domain/fleet-plan/plan-fleet';
import { DEFAULT_PLAN_POLICY } from '../../../src/domain/fleet-plan/plan-policy';
import { LOAD_METRICS } from '../../../src/domain/forecast';
import { check } from '../check';
import { cpuForecast, randomFleet } from '../plan/generated-fleet';
import { withBenchDatabase } from '../with-database';

const INSTANCES = 10_000;
const FORECAST = 300;
const SHARD = 250;
const STEP_MS = 300_000;
/** Longer than one answer serves all viewers. */
const NEXT_MS = 10_500;
const TARGETS = { firstMs: 3_000, nextMs: 1_000 };

/** What the fleet's page costs the database and the console: after a new plan, and as long as there is no newer one. */
async function main(): Promise<void> {
  await withBenchDatabase('bench-console', async (db, note) => {
    await writeFleet(db, Date.now());
    const instances = openInstances(db, createPlanStore(db));
    const firstMs = await timed(() => instances.readInstances());
    await new Promise((resolve) => setTimeout(resolve, NEXT_MS));
    const nextMs = await timed(() => instances.readInstances());
    console.log(`${INSTANCES} instances in ${note}, load average ${loadavg()[0]?.toFixed(1)}`);
    check(`the fleet is read within ${TARGETS.firstMs} ms after a new plan: ${firstMs.toFixed(0)}`, firstMs <= TARGETS.firstMs);
    check(`and within ${TARGETS.nextMs} ms until the next: ${nextMs.toFixed(0)}`, nextMs <= TARGETS.nextMs);
  });
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const beganAtMs = performance.now();
  await work();
  return performance.now() - beganAtMs;
}

/** A tick, its plan, an hour of CPU of every instance, and the forecasts of those that are worst. */
async function writeFleet(db: Database, nowMs: number): Promise<void> {
  const { instances, pools } = randomFleet(INSTANCES, 3);
  const plans = createPlanStore(db);
  for (let at = 0; at < INSTANCES; at += SHARD) {
    await plans.saveFacts('tick', at / SHARD, nowMs, []);
    await plans.saveWeighed('tick', at / SHARD, instances.slice(at, at + SHARD));
  }
  const plan = planFleet({ atMs: nowMs, instances, pools }, DEFAULT_PLAN_POLICY);
  await plans.savePlan({ planId: 'plan', planHash: digestOf(plan), fleet: 'shop', tickId: 'tick', atMs: nowMs, workflowId: 'fleet/shop/tick', choice: { mode: 'observe', modes: {} }, policy: DEFAULT_PLAN_POLICY, pools, plan });
  const startMs = Math.floor(nowMs / STEP_MS) * STEP_MS;
  const points = Array.from({ length: 12 }, (_, i) => ({ atMs: startMs - (i + 1) * STEP_MS, value: 40 + i }));
  const history = createMetricHistory(db);
  for (let at = 0; at < INSTANCES; at += SHARD) await history.append(instances.slice(at, at + SHARD).map(({ instanceId }) => ({ key: { resource: instanceId, metric: 'cpuPercent', stepMs: STEP_MS }, points })), 0);
  const forecasts = createForecastStore(db);
  for (const { instanceId } of instances.toSorted((a, b) => overloadOf(b) - overloadOf(a)).slice(0, FORECAST)) {
    for (const metric of LOAD_METRICS) await forecasts.save(`${instanceId} ${metric}`, { ...cpuForecast((step) => 60 + step / 4), metric, issuedAtMs: startMs, subject: { kind: 'instance', instanceId } }, 'shop');
  }
}

void main();
