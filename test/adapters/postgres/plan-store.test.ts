import { digestOf } from '../../../src/activities/digest';
import type { PlanStore, StoredPlan } from '../../../src/activities/plan-port';
import type { Database } from '../../../src/adapters/postgres/database';
import { createForecastStore } from '../../../src/adapters/postgres/forecast-store';
import { createIsolationStore } from '../../../src/adapters/postgres/isolation-store';
import { createMetricHistory } from '../../../src/adapters/postgres/metric-history';
import { createPlanStore } from '../../../src/adapters/postgres/plan-store';
import { openInstances } from '../../../src/console/server/ports/open-instances';
import { createPlanList } from '../../../src/console/server/ports/open-plans';
import { planFleet } from '../../../src/domain/fleet-plan/plan-fleet';
import { DEFAULT_PLAN_POLICY } from '../../../src/domain/fleet-plan/plan-policy';
import type { Isolation } from '../../../src/domain/isolation';
import { cpuForecast, instance, randomFleet } from '../../../infra/bench/plan/generated-fleet';
import { withDatabase } from './embedded-database';

const FLEET = randomFleet(60, 3);
const plan = (planId: string, atMs: number, fleet = 'shop'): StoredPlan => {
  const made = planFleet({ ...FLEET, atMs }, DEFAULT_PLAN_POLICY);
  return { planId, planHash: digestOf(made), fleet, tickId: `tick-${planId}`, atMs, workflowId: 'w', choice: { mode: 'observe', modes: {} }, policy: DEFAULT_PLAN_POLICY, pools: FLEET.pools, plan: made };
};

describe('plans and isolations in Postgres', () => {
  let db: Database;
  let plans: PlanStore;

  withDatabase((opened) => {
    db = opened;
    plans = createPlanStore(opened);
  });

  it('give back what a tick was made from, so that the plan comes out of it again bit for bit', async () => {
    const stored = plan('plan-a', 0);
    await plans.saveFacts('tick-plan-a', 1, 0, FLEET.instances.slice(30));
    await plans.saveFacts('tick-plan-a', 0, 0, FLEET.instances.slice(0, 30));
    await plans.saveWeighed('tick-plan-a', 1, FLEET.instances.slice(30));
    await plans.saveWeighed('tick-plan-a', 0, FLEET.instances.slice(0, 30));
    await plans.savePools('tick-plan-a', 0, []);
    await plans.savePools('tick-plan-a', 0, FLEET.pools);
    await plans.savePlan(stored);
    expect(await plans.readPools('tick-plan-a')).toEqual(FLEET.pools);
    const read = await plans.readPlan('plan-a');
    const instances = await plans.readWeighed('tick-plan-a');
    expect(instances.map(({ instanceId }) => instanceId)).toEqual(FLEET.instances.map(({ instanceId }) => instanceId));
    expect(digestOf(planFleet({ atMs: 0, instances, pools: read?.pools ?? [] }, read?.policy ?? DEFAULT_PLAN_POLICY))).toBe(stored.planHash);
  });

  it('keep the first plan of an id, know the latest of each fleet, and list the newest first', async () => {
    await plans.savePlan(plan('plan-b', 10));
    await plans.savePlan({ ...plan('plan-b', 10), planHash: 'forged' });
    await plans.savePlan(plan('plan-c', 20, 'other'));
    expect((await plans.readPlan('plan-b'))?.planHash).not.toBe('forged');
    expect((await plans.latestPlan('shop'))?.planId).toBe('plan-b');
    expect((await plans.listPlans(null, 2)).map(({ planId }) => planId)).toEqual(['plan-c', 'plan-b']);
    expect(await plans.readPlan('plan-z')).toBeNull();
    expect(await plans.latestPlan('nobody')).toBeNull();
  });

  it('are what the console lists instances from: as the latest plan of each fleet found them, with the load and the forecast that are kept', async () => {
    const nowMs = Date.now();
    const startMs = Math.floor(nowMs / 300_000) * 300_000;
    const forecast = { ...cpuForecast((step) => 60 + step, 5, 60), issuedAtMs: startMs, subject: { kind: 'instance' as const, instanceId: 'i-hot' } };
    const hot = instance('i-hot', {}, { cpuPercent: { ...forecast, issuedAtMs: 0 } });
    await plans.saveFacts('tick-plan-d', 0, nowMs, [hot]);
    await plans.saveWeighed('tick-plan-d', 0, [hot]);
    await plans.savePlan({ ...plan('plan-d', nowMs, 'hot'), plan: { atMs: nowMs, moves: [], held: [{ instanceId: 'i-hot', name: 'i-hot', wanted: 'grow', reason: 'no place' }], costUsd: 0, savesUsd: 0, avoidedMinutes: 0 } });
    await createForecastStore(db).save('f-1', forecast, 'web');
    await createMetricHistory(db).append([{ key: { resource: 'i-hot', metric: 'cpuPercent', stepMs: 300_000 }, points: [{ atMs: startMs - 300_000, value: 59 }] }], 0);
    const console = openInstances(db, plans);
    const row = (await console.readInstances()).rows.find(({ instanceId }) => instanceId === 'i-hot');
    expect(row).toMatchObject({ cpuPercent: 59, held: 'no place', planned: null, planId: 'plan-d', shape: 'm7i.xlarge' });
    expect(row?.cpuAheadPercent).toBeGreaterThan(100);
    expect(row?.overloadMinutes).toBeGreaterThan(60);
    // 85 % at the 0.9 quantile, which stands 4 above the middle: 22 steps ahead.
    expect(row?.runsOutAtMs).toBe(startMs + 23 * 300_000);
    expect(await console.readInstance('i-hot')).toMatchObject({ move: null, forecasts: [{ metric: 'cpuPercent', issuedAtMs: startMs }] });
    const view = await console.readForecast('i-hot', 'cpuPercent', 3_600_000);
    expect(view).toMatchObject({ limit: 85, unit: 'percent', calibration: 'not calibrated', events: [], contention: { contended: false } });
    expect(view?.quantiles.length).toBeLessThanOrEqual(13);
    expect(view?.actual.values.findLast((value) => value !== null)).toBe(59);
    expect((await console.readForecast('i-hot', 'cpuPercent', 86_400_000))?.contention.contended).toBe(true);
    expect(await console.readForecast('i-hot', 'memoryPercent', 3_600_000)).toBeNull();
    await plans.trim({ ticksMs: 0, emptyPlansMs: nowMs + 1, plansMs: 0 });
  });

  it('are listed for the console by their heads, and each body is read once', async () => {
    const read: string[] = [];
    const listed = createPlanList(db, { readPlan: (planId) => (read.push(planId), plans.readPlan(planId)) }, async () => new Map([['plan-c', 99]]));
    const rows = await listed();
    expect(await listed()).toEqual(rows);
    expect(rows.map(({ planId, fleet, mode, instances, awaitsUntilMs }) => [planId, fleet, mode, instances, awaitsUntilMs])).toEqual([['plan-c', 'other', 'observe', 60, 99], ['plan-b', 'shop', 'observe', 60, null], ['plan-a', 'shop', 'observe', 60, null]]);
    expect(read).toEqual(['plan-c', 'plan-b', 'plan-a']);
  });

  it('forget what old ticks were made from, and keep their plans', async () => {
    await plans.trim({ ticksMs: 1, emptyPlansMs: 0, plansMs: 0 });
    expect(await plans.readWeighed('tick-plan-a')).toEqual([]);
    expect(await plans.readFacts('tick-plan-a', 0)).toBeNull();
    expect(await plans.readPools('tick-plan-a')).toBeNull();
    expect((await plans.readPlan('plan-a'))?.planId).toBe('plan-a');
  });

  it('forget plans that move nothing sooner than those that move something', async () => {
    const still = plan('plan-still', 5);
    await plans.savePlan({ ...still, plan: { ...still.plan, moves: [] } });
    await plans.trim({ ticksMs: 0, emptyPlansMs: 6, plansMs: 1 });
    expect((await plans.listPlans(null, 9)).map(({ planId }) => planId)).toEqual(['plan-c', 'plan-b']);
  });

  it('hold an isolation until its time is over or it is lifted; the same place has one', async () => {
    const isolations = createIsolationStore(db);
    const isolation: Isolation = { kind: 'zone', place: 'us-east-1a', reason: 'failing', source: 'operator', sinceMs: 0, untilMs: 100, workflowId: 'host/us-east-1a' };
    await isolations.put(isolation);
    await isolations.put({ ...isolation, reason: 'still failing', untilMs: 200 });
    await isolations.put({ ...isolation, kind: 'host', place: 'h-1', untilMs: null });
    expect((await isolations.active(150)).map(({ place, reason }) => [place, reason])).toEqual([['h-1', 'failing'], ['us-east-1a', 'still failing']]);
    expect((await isolations.active(200)).map(({ place }) => place)).toEqual(['h-1']);
    await isolations.lift('h-1');
    await isolations.lift('h-1');
    expect(await isolations.active(200)).toEqual([]);
  });
});
