import type { JudgeState } from './judge-state';
import type { RampGate } from './ramp-gate';
import { LATENCY_QUANTILES, type LatencyQuantiles, type LatencyThresholds } from './traffic-interval';

/** Half of what evidence may begin with is for the beginnings of steps, where traffic is new; the rest for the time between. */
const FOR_STEPS = 0.5;

/** A judge that has seen nothing. `steps`: of the ramp, the bake being one; `durationMs`: of all of them. */
export function beginJudging(atMs: number, planned: { readonly steps: number; readonly durationMs: number }): JudgeState {
  return {
    seenUntilMs: atMs,
    unspent: 1,
    weightPerMs: (1 - FOR_STEPS) / Math.max(1, planned.durationMs),
    stepWeight: FOR_STEPS / planned.steps,
    stepBegins: true,
    besideSource: true,
    nextShare: 1,
    stepRequests: { source: 0, shadow: 0 },
    stepMs: 0,
    thresholds: { sourceMs: [], shadowMs: [] },
    questions: {},
    tolerable: {},
  };
}

export interface JudgedStep {
  readonly atMs: number;
  /** False where the source takes nothing in this step. */
  readonly besideSource: boolean;
  /** The part (0..1) of the traffic that the shadow gets when it passes. */
  readonly nextShare: number;
  /** The source's present latencies; null where it shows none: thresholds stay as they were then. */
  readonly source: LatencyQuantiles;
}

/** A step begins: what passes a step must be shown in it, since more load may break what less did not; what speaks against the shadow stays. */
export function beginStep(state: JudgeState, step: JudgedStep, gate: RampGate): JudgeState {
  const { atMs, besideSource, nextShare, source } = step;
  const begun: JudgeState = { ...state, seenUntilMs: Math.max(state.seenUntilMs, atMs), stepBegins: true, besideSource, nextShare, stepRequests: { source: 0, shadow: 0 }, stepMs: 0, tolerable: {} };
  return { ...begun, thresholds: thresholdsFor(source ?? quantilesOf(state), gate, besideSource ? gate.latencyRatio : gate.alone.latencyRatio) };
}

function quantilesOf({ thresholds }: JudgeState): LatencyQuantiles {
  return thresholds.sourceMs.length < LATENCY_QUANTILES.length ? null : thresholds.sourceMs.slice(0, LATENCY_QUANTILES.length);
}

/**
 * The source's own quantiles, and for the shadow these times `ratio` plus the tolerance: a shadow that is slower by no more
 * than that exceeds its thresholds no more often than the source does its own.
 */
function thresholdsFor(quantilesMs: LatencyQuantiles, gate: RampGate, ratio: number): LatencyThresholds {
  const maxP99Ms = gate.slo?.maxP99Ms;
  const slo = maxP99Ms === undefined ? [] : [maxP99Ms];
  const sourceMs = quantilesMs ?? [];
  return { sourceMs: [...sourceMs, ...slo], shadowMs: [...sourceMs.map((ms) => ms * ratio + gate.latencyToleranceMs), ...slo] };
}
