import type { ForecastsByMetric } from '../../../../src/domain/forecast';
import { createRandomStream, nextNormal } from '../../../../src/domain/seeded-random';
import { DEFAULT_ADJUSTMENT_POLICY, withTradeoff } from '../../../../src/domain/shapes/adjustment/adjustment-policy';
import { INITIAL_STATE, type AdjustmentState } from '../../../../src/domain/shapes/adjustment/adjustment-state';
import { decideAdjustment, type AdjustmentDecision, type AdjustmentInput, type ObservedUse } from '../../../../src/domain/shapes/adjustment/decide-adjustment';
import { decideWithinBudget } from '../../../../src/domain/shapes/adjustment/decide-within-budget';
import { HOUR, MINUTE, SHAPES, cpuForecast, shapeNamed } from '../../../../infra/bench/plan/generated-fleet';

const STEP = 5 * MINUTE;

/** An hour of use, newest last, up to `nowMs`. */
const observed = (percent: (minutesAgo: number) => number, nowMs: number): ObservedUse[] =>
  Array.from({ length: 12 }, (_, i) => ({ atMs: nowMs - (11 - i) * STEP, cpuPercent: percent((11 - i) * 5), memoryPercent: null }));

const input = (change: Partial<AdjustmentInput> = {}): AdjustmentInput => ({
  forecasts: { cpuPercent: cpuForecast(() => 60) },
  observed: observed(() => 60, change.nowMs ?? 0),
  present: shapeNamed('m7i.xlarge'),
  candidates: SHAPES,
  slaClass: 'standard',
  burst: null,
  estimate: { leadMs: 18 * MINUTE, doubleRunningMs: 28 * MINUTE, syncBytes: 0 },
  state: INITIAL_STATE,
  policy: DEFAULT_ADJUSTMENT_POLICY,
  nowMs: 0,
  ...change,
});

const forecastOf = (middle: (step: number) => number, issuedAtMs = 0): ForecastsByMetric => ({ cpuPercent: { ...cpuForecast(middle), issuedAtMs } });

/** Decides every five minutes with the state of the time before, as long as nothing changes. */
function decideFor(spanMs: number, at: (nowMs: number) => Partial<AdjustmentInput>): { decisions: AdjustmentDecision[]; state: AdjustmentState } {
  let state = INITIAL_STATE;
  const decisions: AdjustmentDecision[] = [];
  for (let nowMs = 0; nowMs <= spanMs; nowMs += STEP) {
    const made = decideAdjustment(input({ ...at(nowMs), state, nowMs }));
    state = made.state;
    decisions.push(made.decision);
    if (made.decision.kind === 'adjust') break;
  }
  return { decisions, state };
}

test('a shape that fits is kept, with the sentence why', () => {
  expect(decideAdjustment(input()).decision).toMatchObject({ kind: 'keep', reason: expect.stringMatching(/no other shape is worth a move/) as string });
});

test('a load that is forecast to outgrow its shape gets a larger one at the latest start that is in time, not before', () => {
  const rises = (step: number): number => (step < 36 ? 60 : 130);
  const early = decideAdjustment(input({ forecasts: forecastOf(rises) }));
  expect(early.decision).toMatchObject({ kind: 'keep', reason: expect.stringMatching(/^not yet: m7i\.2xlarge/) as string });
  const nowMs = 3 * HOUR - 20 * MINUTE;
  expect(decideAdjustment(input({ forecasts: forecastOf(rises), nowMs })).decision).toMatchObject({ kind: 'adjust', direction: 'up', target: { name: 'm7i.2xlarge' }, means: 'migrate', usdPerHourBefore: 0.2, usdPerHourAfter: 0.4 });
});

test('a smaller shape must be wanted for a while, and of those wanted the largest is taken', () => {
  const { decisions } = decideFor(2 * HOUR, (nowMs) => ({ present: shapeNamed('m7i.4xlarge'), forecasts: forecastOf(() => (nowMs < 15 * MINUTE ? 25 : 10), nowMs), observed: observed(() => 10, nowMs) }));
  const held = decisions.slice(0, -1);
  expect(held.every(({ kind }) => kind === 'keep')).toBe(true);
  expect(held.length).toBe(DEFAULT_ADJUSTMENT_POLICY.downWindowMs / STEP);
  expect(decisions.at(-1)).toMatchObject({ kind: 'adjust', direction: 'down', target: { name: 'm7i.2xlarge' } });
});

test('a wish for a smaller shape that ends begins anew', () => {
  const { state } = decideFor(20 * MINUTE, (nowMs) => ({ forecasts: forecastOf(() => 10, nowMs), observed: observed(() => 10, nowMs) }));
  expect(state.wantsSmaller).toEqual({ sinceMs: 0, shape: 'm7i.large' });
  expect(decideAdjustment(input({ state })).state.wantsSmaller).toBeNull();
});

test('no smaller shape is taken that would not have held what was just seen', () => {
  const state: AdjustmentState = { ...INITIAL_STATE, wantsSmaller: { sinceMs: -HOUR, shape: 'm7i.large' } };
  const spike = observed((minutesAgo) => (minutesAgo === 10 ? 50 : 10), 0);
  expect(decideAdjustment(input({ forecasts: forecastOf(() => 10), observed: spike, state })).decision).toMatchObject({ kind: 'keep', reason: 'm7i.large is wanted, but it would just have been at 100 %' });
});

test('changes rest: longer before a smaller shape than before a larger one', () => {
  const state: AdjustmentState = { ...INITIAL_STATE, wantsSmaller: { sinceMs: -HOUR, shape: 'm7i.large' }, changedAtMs: -30 * MINUTE };
  expect(decideAdjustment(input({ forecasts: forecastOf(() => 10), observed: observed(() => 10, 0), state })).decision).toMatchObject({ kind: 'keep', reason: 'm7i.large is wanted, but the last change was 30 min ago' });
  expect(decideAdjustment(input({ forecasts: forecastOf(() => 130), state })).decision).toMatchObject({ kind: 'adjust', direction: 'up' });
});

test('a load that no forecast knows is followed by what is measured', () => {
  const { decision } = decideAdjustment(input({ forecasts: {}, observed: observed((minutesAgo) => (minutesAgo <= 20 ? 95 : 40), 0) }));
  expect(decision).toMatchObject({ kind: 'adjust', direction: 'up', target: { name: 'm7i.2xlarge' }, reason: 'all values of the last 15 min are above 85 %, up to 95 %' });
  expect(decideAdjustment(input({ forecasts: {}, observed: observed((minutesAgo) => (minutesAgo === 0 ? 95 : 40), 0) })).decision.kind).toBe('keep');
});

test('who may be down for minutes is resized in place, who may not is migrated', () => {
  const outgrown = { forecasts: forecastOf(() => 130) };
  expect(decideAdjustment(input({ ...outgrown, slaClass: 'relaxed' })).decision).toMatchObject({ kind: 'adjust', means: 'in-place' });
  expect(decideAdjustment(input({ ...outgrown, slaClass: 'critical' })).decision).toMatchObject({ kind: 'adjust', means: 'migrate' });
});

test('more weight on performance never takes a smaller shape', () => {
  const size = (tradeoff: number): number => {
    const { decision } = decideAdjustment(input({ forecasts: { cpuPercent: cpuForecast(() => 75, 25) }, policy: withTradeoff(DEFAULT_ADJUSTMENT_POLICY, tradeoff), state: { ...INITIAL_STATE, wantsSmaller: { sinceMs: -HOUR, shape: 'm7i.large' } } }));
    return decision.kind === 'adjust' ? decision.target.vcpus : shapeNamed('m7i.xlarge').vcpus;
  };
  const sizes = [0, 0.2, 0.4, 0.5, 0.6, 0.8, 1].map(size);
  expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
  expect(sizes.at(-1)).toBeGreaterThan(sizes[0] as number);
});

test('a margin that was learned from misses makes the next choice larger', () => {
  const near = { forecasts: { cpuPercent: cpuForecast(() => 68, 12) } };
  expect(decideAdjustment(input(near)).decision.kind).toBe('keep');
  expect(decideAdjustment(input({ ...near, state: { ...INITIAL_STATE, margins: { cpuPercent: 1.4 } } })).decision).toMatchObject({ kind: 'adjust', direction: 'up' });
});

test('flat noisy load causes no change in a day', () => {
  const random = createRandomStream(3);
  const noise = Array.from({ length: 288 + 12 }, () => 60 + 5 * nextNormal(random));
  const { decisions } = decideFor(24 * HOUR, (nowMs) => {
    const step = nowMs / STEP;
    return { forecasts: forecastOf(() => 60, nowMs), observed: observed((minutesAgo) => noise[step + 11 - minutesAgo / 5] as number, nowMs) };
  });
  expect(decisions.length).toBe(288 + 1);
  expect(decisions.every(({ kind }) => kind === 'keep')).toBe(true);
});

test('a change states what it costs before, after and once: in place nothing runs twice', () => {
  const outgrown = { forecasts: forecastOf(() => 130) };
  expect(decideAdjustment(input({ ...outgrown, slaClass: 'critical' })).decision).toMatchObject({ means: 'migrate', usdPerHourBefore: 0.2, usdPerHourAfter: 0.4, oneOffUsd: (0.4 * 28) / 60 });
  expect(decideAdjustment(input({ ...outgrown, slaClass: 'relaxed' })).decision).toMatchObject({ means: 'in-place', oneOffUsd: 0 });
});

test('beyond a budget the best within it is taken and the sum is told; smaller shapes are never beyond it', () => {
  const heavy = input({ forecasts: forecastOf((step) => (step % 12 < 6 ? 130 : 260)) });
  expect(decideWithinBudget(heavy, {})).toMatchObject({ decision: { kind: 'adjust', target: { name: 'm7i.4xlarge' } }, beyondBudget: null });
  expect(decideWithinBudget(heavy, { maximumUsdPerHour: 0.5 })).toMatchObject({ decision: { kind: 'adjust', target: { name: 'm7i.2xlarge' } }, beyondBudget: 'm7i.4xlarge costs 0.8000 USD an hour; the budget allows 0.5' });
  expect(decideWithinBudget(heavy, { maximumUsdPerHour: 0.3 })).toMatchObject({ decision: { kind: 'keep' }, beyondBudget: expect.stringMatching(/m7i.4xlarge/) as string });
  expect(decideWithinBudget(heavy, { maximumOneOffUsd: 0.01 })).toMatchObject({ decision: { kind: 'keep' }, beyondBudget: expect.stringMatching(/^the change to m7i.4xlarge costs 0.3733 USD once; the budget allows 0.01/) as string });
  const idle = input({ present: shapeNamed('m7i.4xlarge'), forecasts: forecastOf(() => 10), observed: observed(() => 10, 0), state: { ...INITIAL_STATE, wantsSmaller: { sinceMs: -2 * HOUR, shape: 'm7i.2xlarge' } } });
  expect(decideWithinBudget(idle, { maximumUsdPerHour: 0.1 })).toMatchObject({ decision: { kind: 'adjust', direction: 'down' }, beyondBudget: null });
});
