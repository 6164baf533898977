/** What one side served during an interval; latency percentiles are null where nothing was served. */
export interface TrafficSample {
  readonly requests: number;
  readonly errors: number;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
}

export interface RampGate {
  /** Fewer requests than this on the shadow are no evidence. */
  readonly minRequests: number;
  /** The shadow's error ratio may exceed the source's by this much (0..1). */
  readonly maxErrorRatioIncrease: number;
  /** The shadow's median and p99 may be this many times the source's... */
  readonly maxLatencyRatio: number;
  /** ... plus this: below it a difference does not matter to anybody. */
  readonly latencyToleranceMs: number;
}

/** No data is neither healthy nor failing: it holds. */
export type RampVerdict =
  | { readonly kind: 'pass'; readonly why: string }
  | { readonly kind: 'fail'; readonly why: string }
  | { readonly kind: 'inconclusive'; readonly why: string }
  | { readonly kind: 'noData'; readonly why: string };

/** A single error among a few requests is no regression yet. */
const FEWEST_ERRORS = 3;
/** A percentile with fewer requests beyond it is the luck of one or two: of 30 requests, "p99" is just the slowest. */
const FEWEST_BEYOND_PERCENTILE = 3;

/**
 * Judges the shadow against the source over the same interval. Error ratio by a one-sided two-proportion z test at
 * 99 % together with an effect size; latency by ratio and tolerance on the median and on p99.
 */
export function judgeRampStep(shadow: TrafficSample, source: TrafficSample, gate: RampGate): RampVerdict {
  if (shadow.requests === 0) return { kind: 'noData', why: 'the shadow served no request in this interval' };
  const errorWhy = errorRegression(shadow, source, gate);
  if (errorWhy !== null) return { kind: 'fail', why: errorWhy };
  const slower = latencyRegression(shadow, source, gate);
  if (shadow.requests < gate.minRequests) {
    return { kind: 'inconclusive', why: `${shadow.requests} requests on the shadow, ${gate.minRequests - shadow.requests} more are needed` };
  }
  if (slower !== null) return { kind: 'fail', why: slower };
  return {
    kind: 'pass',
    why: `${shadow.requests} requests, ${shadow.errors} errors, p50 ${ms(shadow.p50Ms)}, p99 ${ms(shadow.p99Ms)} against ${source.requests} requests, p50 ${ms(source.p50Ms)}, p99 ${ms(source.p99Ms)} on the source`,
  };
}

function errorRegression(shadow: TrafficSample, source: TrafficSample, gate: RampGate): string | null {
  const shadowRatio = shadow.errors / shadow.requests;
  const sourceRatio = source.requests === 0 ? 0 : source.errors / source.requests;
  if (shadow.errors < FEWEST_ERRORS || shadowRatio <= sourceRatio + gate.maxErrorRatioIncrease) return null;
  if (source.requests > 0 && proportionZ(shadow, source) < 2.33) return null;
  return `${percent(shadowRatio)} of the shadow's ${shadow.requests} requests failed, ${percent(sourceRatio)} of the source's ${source.requests}`;
}

function latencyRegression(shadow: TrafficSample, source: TrafficSample, gate: RampGate): string | null {
  if (source.requests < gate.minRequests) return null;
  for (const [name, share, there, here] of [
    ['p50', 0.5, shadow.p50Ms, source.p50Ms],
    ['p99', 0.01, shadow.p99Ms, source.p99Ms],
  ] as const) {
    if (there === null || here === null) continue;
    if (Math.min(shadow.requests, source.requests) * share < FEWEST_BEYOND_PERCENTILE) continue;
    const bound = here * gate.maxLatencyRatio + gate.latencyToleranceMs;
    if (there > bound) return `${name} ${ms(there)} on the shadow against ${ms(here)} on the source; the bound is ${ms(bound)}`;
  }
  return null;
}

function proportionZ(a: TrafficSample, b: TrafficSample): number {
  const pooled = (a.errors + b.errors) / (a.requests + b.requests);
  const deviation = Math.sqrt(pooled * (1 - pooled) * (1 / a.requests + 1 / b.requests));
  return deviation === 0 ? 0 : (a.errors / a.requests - b.errors / b.requests) / deviation;
}

function percent(ratio: number): string {
  return `${(ratio * 100).toFixed(1)} %`;
}

function ms(value: number | null): string {
  return value === null ? 'unknown' : `${value.toFixed(1)} ms`;
}
