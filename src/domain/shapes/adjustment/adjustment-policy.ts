import type { SlaClass } from '../../queue/move-request';
import { DEFAULT_SIZING_POLICY, type SizingPolicy } from '../../sizing/sizing-policy';

/** How one instance's shape follows its load. What is measured is in percent of the present shape. */
export interface AdjustmentPolicy {
  /** What overload and moves are worth, and the least gain that a change must bring. */
  readonly sizing: SizingPolicy;
  /** A larger shape is taken without waiting for a forecast where every value of the up-window lies above. */
  readonly upThresholdPercent: number;
  readonly upWindowMs: number;
  /** A smaller shape is taken only where every value of the down-window would have stayed below on it. */
  readonly downThresholdPercent: number;
  /** A smaller shape must have been the best choice for so long; the largest of those wanted meanwhile is taken. */
  readonly downWindowMs: number;
  /** After a change in either direction: for so long no larger shape, and for so long no smaller one. */
  readonly upCooldownMs: number;
  readonly downCooldownMs: number;
  /** What stopping, changing and starting takes, during which nothing serves. */
  readonly inPlaceDowntimeMs: number;
  /** Whose service may be down for that long. */
  readonly inPlaceAllowed: Readonly<Record<SlaClass, boolean>>;
  /** The level (0..1) of a forecast whose misses are counted, and how fast the margin above it follows them. */
  readonly errorLevel: number;
  readonly errorRate: number;
}

const MINUTE_MS = 60_000;

export const DEFAULT_ADJUSTMENT_POLICY: AdjustmentPolicy = {
  // What docs/shapes.md measures as the middle of its trade-offs.
  sizing: { ...DEFAULT_SIZING_POLICY, overloadCostRatio: { critical: 60, standard: 30, relaxed: 10 } },
  upThresholdPercent: 85,
  upWindowMs: 15 * MINUTE_MS,
  downThresholdPercent: 75,
  downWindowMs: 30 * MINUTE_MS,
  upCooldownMs: 10 * MINUTE_MS,
  downCooldownMs: 60 * MINUTE_MS,
  inPlaceDowntimeMs: 4 * MINUTE_MS,
  inPlaceAllowed: { critical: false, standard: false, relaxed: true },
  errorLevel: 0.95,
  // Misses come in a row: at 0.02 a single busy hour moved sizes; this remembers about a day of 5-minute values.
  errorRate: 0.004,
};

/** Keeps the odds finite where all is performance, or all is cost. */
const EXTREME = 0.01;

/**
 * A policy whose overload weighs against its price as `tradeoff` to `1 - tradeoff`, as in the score of a shape: 0 is cost alone, 1 performance alone, and 0.5 leaves the policy
 * as it is.
 */
export function withTradeoff(policy: AdjustmentPolicy, tradeoff: number): AdjustmentPolicy {
  const share = Math.min(1 - EXTREME, Math.max(EXTREME, tradeoff));
  const odds = share / (1 - share);
  const { critical, standard, relaxed } = policy.sizing.overloadCostRatio;
  return { ...policy, sizing: { ...policy.sizing, overloadCostRatio: { critical: critical * odds, standard: standard * odds, relaxed: relaxed * odds } } };
}
