import { DEFAULT_SIZING_POLICY, type SizingPolicy } from '../sizing/sizing-policy';
import type { MoveDurations } from '../sizing/move-estimate';

/** What a plan may do, and how it judges. */
export interface FleetPlanPolicy {
  readonly sizing: SizingPolicy;
  /** What the parts of a move take, as long as too few were completed to tell. */
  readonly durations: MoveDurations;
  /** The quantile (0..1) of past moves' durations that a start is planned with. */
  readonly durationQuantile: number;
  readonly transferBytesPerSecond: number;
  readonly maxMoves: number;
  readonly maxMoveUsd: number;
  readonly cooldownMs: number;
  /** No return to the pool that it came from for so long. */
  readonly noReturnMs: number;
  /** No return to the shape that it had, to save money, for so long: shorter, since a load that falls every night may be followed. */
  readonly noShrinkBackMs: number;
  /** The quantile (0..1) of demand that a pool has to take, and the part of its capacity that may be used. */
  readonly poolQuantile: number;
  readonly poolLimitPercent: number;
  /** Moves begin so much before the latest start that is in time. */
  readonly startEarlyMs: number;
  /** Saving money alone is a reason to move. */
  readonly shrink: boolean;
}

export const DEFAULT_PLAN_POLICY: FleetPlanPolicy = {
  sizing: DEFAULT_SIZING_POLICY,
  durations: { launchMs: 180_000, syncMs: 300_000, rampMs: 1_080_000, bakeMs: 600_000 },
  durationQuantile: 0.9,
  transferBytesPerSecond: 200e6,
  maxMoves: 20,
  maxMoveUsd: 10,
  cooldownMs: 2 * 3_600_000,
  noReturnMs: 24 * 3_600_000,
  noShrinkBackMs: 4 * 3_600_000,
  poolQuantile: 0.95,
  poolLimitPercent: 90,
  startEarlyMs: 0,
  shrink: true,
};
