import { DEFAULT_PLAN_POLICY } from '../../../src/domain/fleet-plan/plan-policy';
import { createRandomStream, nextNormal } from '../../../src/domain/seeded-random';
import { buildFleetCase, type RecordedLoad } from '../../../src/simulation/fleet/build-case';
import { comparePolicies } from '../../../src/simulation/fleet/compare-policies';
import type { FleetCase } from '../../../src/simulation/fleet/fleet-case';
import { policiesOf, type Baseline } from '../../../src/simulation/fleet/policies-by-name';
import { replayFleet, type FleetPolicy, type MoveOrder, type ReplayedPolicy } from '../../../src/simulation/fleet/replay';
import { MINUTE, SHAPES, shapeNamed } from '../../../infra/bench/plan/generated-fleet';

const STEP_MS = 30 * MINUTE;
const DAY_STEPS = 48;
const DAY_MS = DAY_STEPS * STEP_MS;

/** Percent of an m7i.xlarge: quiet at night, far too much for it from the third afternoon on. */
function growingLoad(days: number, seed = 1): (number | null)[] {
  const random = createRandomStream(seed);
  return Array.from({ length: days * DAY_STEPS }, (_, step) => {
    const rise = step >= 3 * DAY_STEPS + 26 ? 60 : 0;
    return Math.max(0, 40 + 20 * Math.sin((2 * Math.PI * step) / DAY_STEPS) + rise + nextNormal(random));
  });
}

const load = (values: readonly (number | null)[], id = 'web'): RecordedLoad => ({ id, service: id, slaClass: 'standard', shape: shapeNamed('m7i.xlarge'), startAtMs: 0, values });
const caseOf = (loads: readonly RecordedLoad[], warmUpDays = 2): FleetCase =>
  buildFleetCase(loads, { stepMs: STEP_MS, warmUpMs: warmUpDays * DAY_MS, unit: 'scaled', shapes: SHAPES, policy: DEFAULT_PLAN_POLICY });
const replayed = (fleet: FleetCase, baselines: readonly Baseline[] = [], watch: (orders: readonly MoveOrder[], step: number) => void = () => undefined): Promise<ReplayedPolicy[]> => {
  const policies = policiesOf(fleet, [{ name: 'foreshift', policy: DEFAULT_PLAN_POLICY }], baselines, [60]);
  return replayFleet(fleet, policies.map((policy) => (policy.name === 'foreshift' ? watched(policy, watch) : policy)));
};
const watched = (policy: FleetPolicy, watch: (orders: readonly MoveOrder[], step: number) => void): FleetPolicy => ({
  name: policy.name,
  async decide(view) {
    const orders = await policy.decide(view);
    watch(orders, view.knownSteps);
    return orders;
  },
});

describe('a replayed fleet', () => {
  it('overloads less under the plan than when nothing is done, and perfect foresight has the least sum of all', async () => {
    const fleet = caseOf([load(growingLoad(6))]);
    const results = await replayed(fleet, ['hold', 'reactive', 'hourly-predictive', 'oracle']);
    const scores = comparePolicies(fleet, results, DEFAULT_PLAN_POLICY.sizing);
    const of = (name: string) => scores.find(({ policy }) => policy === name) as (typeof scores)[number];
    expect(scores[0]?.policy).toBe('oracle');
    expect(of('hold').moves).toBe(0);
    expect(of('hold').overloadMinutes).toBeGreaterThan(500);
    expect(of('foreshift').overloadMinutes).toBeLessThan(of('hold').overloadMinutes / 4);
    expect(of('foreshift').pingPongs).toBe(0);
    expect(of('foreshift').regretUsd).toBeGreaterThan(0);
  });

  it('decides by what was known: whatever comes later changes no earlier move', async () => {
    const told = growingLoad(5);
    const otherwise = told.map((value, step) => (step < 4 * DAY_STEPS ? value : 5));
    const orders: string[][] = [[], []];
    for (const [i, values] of [told, otherwise].entries()) {
      await replayed(caseOf([load(values)]), [], (begun, known) => {
        if (known <= 4 * DAY_STEPS) orders[i]?.push(...begun.map(({ target }) => `${known} ${target.name}`));
      });
    }
    expect(orders[0]?.length).toBeGreaterThan(0);
    // The scale of both is known before the replay begins.
    expect(orders[1]).toEqual(orders[0]);
  });

  it('pays both sides of a move, and lets the new shape serve only after launch, sync and ramp', async () => {
    const fleet = caseOf([load(new Array<number>(4 * DAY_STEPS).fill(50))]);
    const once: FleetPolicy = { name: 'once', decide: ({ knownSteps }) => (knownSteps === 2 * DAY_STEPS + 1 ? [{ index: 0, target: shapeNamed('m7i.2xlarge') }] : []) };
    const [hold, moved] = (await replayFleet(fleet, [{ name: 'hold', decide: () => [] }, once])) as [ReplayedPolicy, ReplayedPolicy];
    expect(moved.moves).toBe(1);
    const hours = 2 * 24;
    expect(hold.usd).toBeCloseTo(hours * 0.2, 6);
    // 28 minutes of a move are one step of both, and one step later the new shape serves alone.
    expect(moved.usd).toBeCloseTo(hours * 0.2 + (hours - 1) * 0.2, 0);
  });

  it('tells what came in each half of the time, which together is all', async () => {
    const fleet = caseOf([load(growingLoad(6))]);
    const [foreshift, hold] = (await replayed(fleet, ['hold'])) as [ReplayedPolicy, ReplayedPolicy];
    const [first, second] = hold.halves;
    expect([first.overloadMinutes, first.usd]).toEqual([expect.any(Number), expect.closeTo(2 * 24 * 0.2, 6)]);
    for (const field of ['overloadMinutes', 'usd', 'moves'] as const) expect(foreshift.halves[0][field] + foreshift.halves[1][field]).toBeCloseTo(foreshift[field], 9);
    expect(second.overloadMinutes).toBeGreaterThan(first.overloadMinutes);
  });

  it('forecasts once for settings that are replayed side by side, and gives each what it would get alone', async () => {
    const fleet = caseOf([load(growingLoad(5))]);
    const careful = { name: 'careful', policy: { ...DEFAULT_PLAN_POLICY, sizing: { ...DEFAULT_PLAN_POLICY.sizing, overloadCostRatio: { critical: 600, standard: 300, relaxed: 100 } } } };
    const usual = { name: 'foreshift', policy: DEFAULT_PLAN_POLICY };
    const together = await replayFleet(fleet, policiesOf(fleet, [usual, careful], [], [60]));
    const alone = [await replayFleet(fleet, policiesOf(fleet, [usual], [], [60])), await replayFleet(fleet, policiesOf(fleet, [careful], [], [60]))].flat();
    expect(together).toEqual(alone);
    expect(together[1]?.usd).not.toBe(together[0]?.usd);
  });

  it('counts nothing where nothing was measured', async () => {
    const values = growingLoad(4).map((value, step) => (step >= 3 * DAY_STEPS ? null : value));
    const [result] = await replayed(caseOf([load(values)]));
    expect(result?.usd).toBeLessThan(24 * 0.4);
  });

  it('refuses a warm-up that leaves nothing, and loads that are years apart', () => {
    expect(() => caseOf([load(growingLoad(2))])).toThrow('warm-up: expected less than the 2.0 days of history, got 2.0');
    const late = { ...load(growingLoad(4), 'late'), startAtMs: 365 * DAY_MS };
    expect(() => caseOf([load(growingLoad(4)), late])).toThrow('expected series of about the same time');
  });
});
