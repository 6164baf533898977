import { digestOf } from '../../../src/activities/digest';
import type { PlanStore, StoredPlan } from '../../../src/activities/plan-port';
import type { Database } from '../../../src/adapters/postgres/database';
import { createIsolationStore } from '../../../src/adapters/postgres/isolation-store';
import { createPlanStore } from '../../../src/adapters/postgres/plan-store';
import { planFleet } from '../../../src/domain/fleet-plan/plan-fleet';
import { DEFAULT_PLAN_POLICY } from '../../../src/domain/fleet-plan/plan-policy';
import type { Isolation } from '../../../src/domain/isolation';
import { randomFleet } from '../../../infra/bench/plan/generated-fleet';
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
