import type { RampGate } from './ramp-gate';
import type { RateBound } from './rate-evidence';
import { LATENCY_QUANTILES, type LatencyThresholds, type SideCounts } from './traffic-interval';

/** One question to the traffic: is the shadow worse than it may be? */
export type Question = {
  readonly name: string;
  /** The part of the false abort rate that this question may use; all of them add up to 1. */
  readonly weight: number;
  /** Requests by class, best first. */
  classes(side: SideCounts): readonly number[];
  /** What the source is taken to do before it was seen, as counts: no rate is exactly 0 or 1. */
  readonly believed: readonly number[];
  /** What was seen, in words; both parts are texts such as "1.0 %". */
  describe(shadow: string, source: string): string;
} & ({ readonly kind: 'rate'; readonly bound: RateBound } | { readonly kind: 'ranks'; readonly scores: readonly number[] });

/** One error in 200 requests, believed as firmly as half a request (Krichevsky, Trofimov 1981). */
export const BELIEVED_ERRORS = [99.5, 0.5];
/** A quantile is what it says, believed as firmly as so many requests. */
const BELIEVED_ANSWERS = 20;
const SLO_WEIGHT = 0.1;
/** The part of all requests that may be slower than an SLO on the 99th percentile. */
const BEYOND_P99 = 0.01;

/** Means of a standard normal number between the quantiles: the scores of van der Waerden (1952) for these classes. */
const CLASS_SCORES = [-1.755, -0.949, -0.325, 0.325, 0.949, 1.654, 2.665];
const CLASS_SHARES = [...LATENCY_QUANTILES, 1].map((quantile, i) => quantile - (LATENCY_QUANTILES[i - 1] ?? 0));

/** The questions for these thresholds. */
export function questionsFor(gate: RampGate, thresholds: LatencyThresholds): readonly Question[] {
  const { maxErrorRatio, maxP99Ms } = gate.slo ?? {};
  const slo: Question[] = [];
  if (maxErrorRatio !== undefined) {
    slo.push({ kind: 'rate', name: 'sloErrors', weight: SLO_WEIGHT, bound: { ratio: 0, margin: maxErrorRatio }, classes: errorClasses, believed: BELIEVED_ERRORS, describe: describeErrors });
  }
  if (maxP99Ms !== undefined) {
    const at = thresholds.shadowMs.length - 1;
    const believed = [(1 - BEYOND_P99) * BELIEVED_ANSWERS, BEYOND_P99 * BELIEVED_ANSWERS];
    const classes = (side: SideCounts): readonly number[] => [side.answers - (side.slower[at] ?? 0), side.slower[at] ?? 0];
    slo.push({ kind: 'rate', name: 'sloP99', weight: SLO_WEIGHT, bound: { ratio: 0, margin: BEYOND_P99 }, classes, believed, describe: (shadow) => `${shadow} of the shadow's answers took over ${maxP99Ms} ms` });
  }
  const ranked = thresholds.sourceMs.length >= LATENCY_QUANTILES.length;
  const weight = (1 - SLO_WEIGHT * slo.length) / (ranked ? 2 : 1);
  const errors: Question = { kind: 'rate', name: 'errors', weight, bound: gate.errors, classes: errorClasses, believed: BELIEVED_ERRORS, describe: describeErrors };
  if (!ranked) return [errors, ...slo];
  const believed = CLASS_SHARES.map((share) => share * BELIEVED_ANSWERS);
  const latency: Question = { kind: 'ranks', name: 'latency', weight, scores: CLASS_SCORES, classes: latencyClasses, believed, describe: describeLatency(thresholds) };
  return [errors, latency, ...slo];
}

export const MEDIAN = LATENCY_QUANTILES.indexOf(0.5);

function describeErrors(shadow: string, source: string): string {
  return `${shadow} of the shadow's requests failed, ${source} of the source's`;
}

function describeLatency({ sourceMs, shadowMs }: LatencyThresholds): Question['describe'] {
  return (shadow, source) => `${shadow} of the shadow's answers took over ${shadowMs[MEDIAN]?.toFixed(1)} ms, ${source} of the source's over ${sourceMs[MEDIAN]?.toFixed(1)} ms`;
}

function errorClasses(side: SideCounts): readonly number[] {
  return [side.requests - side.errors, side.errors];
}

function latencyClasses(side: SideCounts): readonly number[] {
  return CLASS_SHARES.map((_, i) => (i === 0 ? side.answers : (side.slower[i - 1] ?? 0)) - (i === LATENCY_QUANTILES.length ? 0 : (side.slower[i] ?? 0)));
}
