/** What one side answered in an interval. */
export interface SideCounts {
  readonly requests: number;
  readonly errors: number;
  /** Answers whose time was measured: a request that reached nobody has none. */
  readonly answers: number;
  /** Of these, how many took longer than each of the side's thresholds (`LatencyThresholds`, same order). */
  readonly slower: readonly number[];
}

/** Both sides over the same stretch of time, so that what slows both down is held against neither. */
export interface TrafficInterval {
  readonly fromMs: number;
  readonly toMs: number;
  readonly source: SideCounts;
  readonly shadow: SideCounts;
}

/** Rising, milliseconds: the source's quantiles (`LATENCY_QUANTILES`) and what the shadow may take in their place; then the SLO's bound where there is one. */
export interface LatencyThresholds {
  readonly sourceMs: readonly number[];
  readonly shadowMs: readonly number[];
}

/** Where answers are divided into classes. */
export const LATENCY_QUANTILES = [0.1, 0.25, 0.5, 0.75, 0.9, 0.99] as const;

/** Latency quantiles of one side; null where nothing was measured. */
export type LatencyQuantiles = readonly number[] | null;
