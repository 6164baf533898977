import { DEFAULT_PLAN_POLICY } from '../../../src/domain/fleet-plan/plan-policy';
import type { Shape } from '../../../src/domain/shape';
import { DEFAULT_ADJUSTMENT_POLICY } from '../../../src/domain/shapes/adjustment/adjustment-policy';
import { modelNamed } from '../../../src/forecasting/forecast-request';
import { buildFleetCase } from '../../../src/simulation/fleet/build-case';
import { DemandForecasts } from '../../../src/simulation/fleet/demand-forecasts';
import type { FleetCase } from '../../../src/simulation/fleet/fleet-case';
import { replayFleet } from '../../../src/simulation/fleet/replay';
import { createAdjustingPolicy } from '../../../src/simulation/shapes/adjusting-policy';
import { createFixedPolicy, createPercentilePolicy, createThresholdPolicy } from '../../../src/simulation/shapes/sizing-baselines';

const STEP_MS = 1_800_000;
const DAY = 48;

const family = (name: string, gib: number, usd: number): Shape[] =>
  ['large', 'xlarge', '2xlarge', '4xlarge'].map((size, i) => ({ name: `${name}.${size}`, family: name, vcpus: 2 ** (i + 1), memoryMiB: 2 ** (i + 1) * gib * 1024, networkGbps: 10, architecture: 'x86_64', usdPerHour: usd * 2 ** i }));
const SHAPES = [...family('c7i', 2, 0.09), ...family('m7i', 4, 0.1), ...family('r7i', 8, 0.13)];
const START = SHAPES.find(({ name }) => name === 'm7i.2xlarge') as Shape;

/** CPU and memory in percent of an m7i.2xlarge. */
function caseOf(cpu: (step: number) => number, memory: ((step: number) => number) | null, days = 4): FleetCase {
  const series = (of: (step: number) => number): number[] => Array.from({ length: days * DAY }, (_, step) => of(step));
  const load = { id: 'a', service: 'a', slaClass: 'standard' as const, shape: START, startAtMs: 0, values: series(cpu), ...(memory === null ? {} : { memory: series(memory) }) };
  return buildFleetCase([load], { stepMs: STEP_MS, warmUpMs: 2 * 86_400_000, unit: 'percent', shapes: SHAPES, families: 'any', policy: DEFAULT_PLAN_POLICY });
}

const servingAfter = async (fleet: FleetCase, policy: ReturnType<typeof createFixedPolicy>): Promise<{ usdAnHour: number; moves: number; minutes: number }> => {
  const [result] = await replayFleet(fleet, [policy]);
  const { usd = 0, moves = 0, overloadMinutes = 0 } = result ?? {};
  return { usdAnHour: usd / 48, moves, minutes: overloadMinutes };
};

test('a shape that is fixed by the maximum holds both resources and moves once', async () => {
  expect(await servingAfter(caseOf(() => 20, () => 70), createFixedPolicy())).toMatchObject({ moves: 1, minutes: 0 });
  const small = await servingAfter(caseOf((step) => (step === 3 ? 90 : 20), () => 20), createFixedPolicy());
  expect(small.usdAnHour).toBeGreaterThan(START.usdPerHour);
});

test('percentile and headroom pass over what is rarer than the percentile', async () => {
  const rare = caseOf((step) => (step === 3 ? 90 : 20), () => 20);
  expect((await servingAfter(rare, createPercentilePolicy(0.9, 20))).usdAnHour).toBeLessThan(START.usdPerHour);
  expect((await servingAfter(rare, createPercentilePolicy(1, 20))).usdAnHour).toBeGreaterThan(START.usdPerHour);
});

test('thresholds react only to what is already known, so a jump is insufficient for a while', async () => {
  const jump = caseOf((step) => (step < 3 * DAY ? 50 : 100), null);
  const { moves, minutes } = await servingAfter(jump, createThresholdPolicy(80, 40));
  expect(moves).toBe(1);
  expect(minutes).toBeGreaterThanOrEqual(60);
});

test('memory alone can make a shape insufficient', async () => {
  const fleet = caseOf(() => 10, (step) => (step < 3 * DAY ? 50 : 95));
  const [hold] = await replayFleet(fleet, [{ name: 'hold', decide: () => [] }]);
  expect(hold?.overloadMinutes).toBe(24 * 60);
  expect(hold?.slaMinutes).toBe(0);
});

test('the decision of the product, replayed, takes the shape that both forecasts call for, and side by side gives what it gives alone', async () => {
  const fleet = caseOf((step) => 20 + (step % 3), () => 15);
  const own = (): ReturnType<typeof createAdjustingPolicy> => {
    const pace = { horizonMs: 86_400_000, everyMs: 6 * 3_600_000 };
    const model = modelNamed('gate');
    return createAdjustingPolicy('foreshift', { cpu: new DemandForecasts(fleet, model, pace), memory: new DemandForecasts(fleet, model, pace, 'memoryPercent') }, DEFAULT_ADJUSTMENT_POLICY);
  };
  const [alone] = await replayFleet(fleet, [own()]);
  expect(alone).toMatchObject({ moves: 1, overloadMinutes: 0 });
  expect(alone?.usd).toBeLessThan(0.75 * 48 * START.usdPerHour);
  expect((await replayFleet(fleet, [createFixedPolicy(), own()]))[1]).toEqual(alone);
});
