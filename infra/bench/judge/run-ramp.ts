import { beginJudging, beginStep } from '../../../src/domain/judge/begin-step';
import type { JudgeState } from '../../../src/domain/judge/judge-state';
import { observeInterval } from '../../../src/domain/judge/observe-interval';
import type { RampGate } from '../../../src/domain/judge/ramp-gate';
import { LATENCY_QUANTILES, type LatencyQuantiles, type SideCounts } from '../../../src/domain/judge/traffic-interval';
import { verdictOf } from '../../../src/domain/judge/verdict-of';
import { createRandomStream } from '../../../src/domain/seeded-random';
import { nextPoisson, NO_REGRESSION, type Regression, type Second, type TrafficFamily } from './generated-traffic';
import { KayentaRule } from './kayenta-rule';

export interface RampStep {
  readonly shadowPercent: number;
  readonly seconds: number;
}

export interface RampRun {
  readonly family: TrafficFamily;
  readonly requestsPerSecond: number;
  readonly steps: readonly RampStep[];
  readonly regression: Regression;
  /** Seconds after the begin of the ramp at which the regression begins. */
  readonly from?: number;
  readonly seed: number;
}

/** Seconds from the regression's begin until each judge sent the traffic back, null where it never did; and in which step ours could have passed. */
export interface RampOutcome {
  readonly oursAt: number | null;
  readonly kayentaAt: number | null;
  /** Second of each step at which it could have passed; null where it could not by its end. */
  readonly passedAt: readonly (number | null)[];
}

/** Seconds of the source alone before the first step. */
const BASELINE_SECONDS = 30;

/** One ramp, both judges looking at the same traffic after every second. */
export function runRamp(run: RampRun, gate: RampGate, withKayenta: boolean): RampOutcome {
  const random = createRandomStream(run.seed);
  const service = run.family.begin(random);
  const from = run.from ?? 0;
  const rules = { errors: new KayentaRule(), latency: new KayentaRule() };
  const recent: Second[] = [];
  let state = beginJudging(0, { steps: run.steps.length, durationMs: run.steps.reduce((total, { seconds }) => total + seconds * 1000, 0) });
  let at = 0;
  const serve = (shadowPercent: number): { source: Second; shadow: Second } => {
    const shadowShare = shadowPercent / 100;
    const source = service('source', at, nextPoisson(random, run.requestsPerSecond * (1 - shadowShare)), NO_REGRESSION);
    const regression = at - BASELINE_SECONDS >= from ? run.regression : NO_REGRESSION;
    const shadow = service('shadow', at, nextPoisson(random, run.requestsPerSecond * shadowShare), regression);
    at += 1;
    if (source.latenciesMs.length > 0) recent.push(source);
    return { source, shadow };
  };
  while (at < BASELINE_SECONDS) serve(0);
  let oursAt: number | null = null;
  let kayentaAt: number | null = null;
  const passedAt: (number | null)[] = [];
  for (const [i, step] of run.steps.entries()) {
    state = beginStep(state, { atMs: at * 1000, besideSource: step.shadowPercent < 100, nextShare: (run.steps[i + 1]?.shadowPercent ?? 100) / 100, source: quantilesOf(recent.slice(-BASELINE_SECONDS)) }, gate);
    let passed: number | null = null;
    for (let second = 0; second < step.seconds; second += 1) {
      const sides = serve(step.shadowPercent);
      state = observeInterval(state, { fromMs: (at - 1) * 1000, toMs: at * 1000, source: countsOf(sides.source, state, 'sourceMs'), shadow: countsOf(sides.shadow, state, 'shadowMs') }, gate);
      const { kind } = verdictOf(state, gate);
      if (kind === 'fail') oursAt ??= at - BASELINE_SECONDS - from;
      if (kind === 'pass') passed ??= second + 1;
      if (withKayenta && kayentaAt === null && sides.source.latenciesMs.length > 0 && sides.shadow.latenciesMs.length > 0) {
        rules.errors.add(errorRatio(sides.source), errorRatio(sides.shadow));
        rules.latency.add(mean(sides.source.latenciesMs), mean(sides.shadow.latenciesMs));
        if (rules.errors.isHigh() || rules.latency.isHigh()) kayentaAt = at - BASELINE_SECONDS - from;
      }
      if (oursAt !== null && (!withKayenta || kayentaAt !== null)) return { oursAt, kayentaAt, passedAt };
    }
    passedAt.push(passed);
  }
  return { oursAt, kayentaAt, passedAt };
}

function countsOf({ latenciesMs, errors }: Second, state: JudgeState, thresholds: 'sourceMs' | 'shadowMs'): SideCounts {
  return { requests: latenciesMs.length, errors, answers: latenciesMs.length, slower: state.thresholds[thresholds].map((ms) => latenciesMs.filter((one) => one > ms).length) };
}

function quantilesOf(seconds: readonly Second[]): LatencyQuantiles {
  const sorted = seconds.flatMap(({ latenciesMs }) => latenciesMs).toSorted((a, b) => a - b);
  return sorted.length === 0 ? null : LATENCY_QUANTILES.map((quantile) => sorted[Math.min(sorted.length - 1, Math.floor(quantile * sorted.length))] ?? 0);
}

function errorRatio({ latenciesMs, errors }: Second): number {
  return errors / latenciesMs.length;
}

function mean(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}
