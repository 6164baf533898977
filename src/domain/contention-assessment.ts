import type { LoadMetric } from './forecast';

/** When a forecast counts as contention. */
export interface ContentionPolicy {
  /** Only what comes within this time from now counts. */
  readonly horizonMs: number;
  /** The quantile (0..1) of each step whose first passing of the limit is taken as the onset. */
  readonly quantile: number;
  /** From this probability (0..1) of passing the limit on, it is contention. */
  readonly minProbability: number;
  /** The time that acting takes: a shorter lead is still contention, but too late to get ahead of it. */
  readonly minLeadMs: number;
}

/** One metric held against its limit. */
export interface MetricAssessment {
  readonly metric: LoadMetric;
  readonly contended: boolean;
  /** Probability (0..1) that the metric passes the limit within the horizon. */
  readonly probability: number;
  readonly quantile: number;
  /** The policy's quantile of the highest value within the horizon, in the metric's unit. */
  readonly peakQuantileValue: number;
  readonly limit: number;
  /** When the metric is expected to pass; null where it is not contended. */
  readonly onsetAtMs: number | null;
  readonly leadMs: number | null;
  /** Whether the lead leaves the time that acting takes. */
  readonly leadSufficient: boolean;
}
