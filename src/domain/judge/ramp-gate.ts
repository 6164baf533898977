import type { RateBound } from './rate-evidence';

/** What the shadow must show before it gets more traffic, and what sends the traffic back. */
export interface RampGate {
  /** Fewer requests on the shadow than this are no evidence for a step, whatever they look like. */
  readonly minRequests: number;
  /** Probability (0..1) with which a shadow that is no worse than allowed is sent back, over the whole ramp and bake. */
  readonly falseAbortRate: number;
  /** Errors that are no regression yet: so many times the source's ratio, plus this much of all requests. */
  readonly errors: RateBound;
  /** Answers that are no slower yet: so many times the source's time, plus this; less matters to nobody. */
  readonly latencyRatio: number;
  readonly latencyToleranceMs: number;
  /** What is bad must last at least so long: a pause of a second is no regression. */
  readonly shortestBadMs: number;
  /** A step passes when more errors or slow answers than these, of all traffic once the next step is taken, are ruled out, wrongly with the probability `falsePassRate`. */
  readonly intolerable: { readonly errors: RateBound; readonly slow: RateBound };
  readonly falsePassRate: number;
  /** Where the source answers nothing any more and its past is all there is to compare with: times may differ more, and what is bad must last longer. */
  readonly alone: { readonly latencyRatio: number; readonly errors: RateBound; readonly shortestBadMs: number };
  /** Bounds that hold whatever the source does. */
  readonly slo?: { readonly maxErrorRatio?: number; readonly maxP99Ms?: number };
}

/** How much more a shadow may err or lag, and how sure the judge must be. */
export const DEFAULT_GATE: RampGate = {
  minRequests: 50,
  falseAbortRate: 0.01,
  errors: { ratio: 1.1, margin: 0.001 },
  latencyRatio: 1.1,
  latencyToleranceMs: 2,
  shortestBadMs: 5_000,
  intolerable: { errors: { ratio: 2, margin: 0.02 }, slow: { ratio: 1, margin: 0.25 } },
  falsePassRate: 0.1,
  alone: { latencyRatio: 2, errors: { ratio: 2, margin: 0.01 }, shortestBadMs: 30_000 },
};
