import type { BurstPrediction } from '../profiles/burst-prediction';
import type { QuantileFunction } from '../quantile-function';

/** One capacity that the workload may have. */
export interface CapacityStep {
  /** `4 members`, or a shape. */
  readonly name: string;
  /** In any one unit: only ratios count. */
  readonly capacity: number;
  readonly usdPerHour: number;
}

/** A peak that somebody knows of. */
export interface PeakWindow {
  readonly name: string;
  readonly startAtMs: number;
  readonly endAtMs: number;
}

/** What the profile says of the present hour, in percent of the allocation. */
export interface ProfileBand {
  /** Name and version. */
  readonly profile: string;
  readonly use: QuantileFunction;
  readonly typicalBurstMinutes: number | null;
  /** What the reader must know: that the fleet stands in for the tags. */
  readonly notes: readonly string[];
}

/** What is seen of a workload at one moment. */
export interface ScalingLook {
  readonly nowMs: number;
  /** Mean over the members that serve; null where nothing was measured. */
  readonly usePercent: number | null;
  readonly band: ProfileBand | null;
  /** Peaks under way or to come. */
  readonly windows: readonly PeakWindow[];
  /** Rising by capacity. */
  readonly steps: readonly CapacityStep[];
  /** Index of what it is without what was added for it. */
  readonly base: number;
  /** Index of what was ordered. */
  readonly present: number;
  /** What of it serves. */
  readonly servingCapacity: number;
}

/** A prediction, with the capacity that its percent are of. */
export interface RememberedBurst {
  readonly prediction: BurstPrediction;
  readonly askedAtMs: number;
  readonly capacity: number;
}

/** What is remembered from look to look. */
export interface ScalingMemory {
  readonly changedAtMs: number | null;
  readonly refusedAtMs: number | null;
  readonly calmLooks: number;
  readonly burst: RememberedBurst | null;
  /** Null: the profile was not asked yet. */
  readonly askedAtMs: number | null;
}

export const INITIAL_SCALING_MEMORY: ScalingMemory = { changedAtMs: null, refusedAtMs: null, calmLooks: 0, burst: null, askedAtMs: null };

export type ScalingCause = 'burst' | 'calendar' | 'beyond' | 'calm';

/** `to` is an index of the look's steps. */
export type ScalingDecision =
  | { readonly kind: 'hold'; readonly reason: string }
  | { readonly kind: 'raise' | 'lower'; readonly to: number; readonly cause: ScalingCause; readonly reason: string; readonly usd: number; readonly worthUsd: number };
