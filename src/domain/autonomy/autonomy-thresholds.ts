/** What a mode is earned by, and lost by. The first bound is for a rise, the second, wider, for what is kept: a pool at the edge does not come and go. */
export interface AutonomyThresholds {
  /** Of so many days forecasts are looked at. */
  readonly latelyMs: number;
  /** So long a mode is had before the next. */
  readonly leastDwellMs: number;
  /** Of fewer scored forecasts nothing is concluded. */
  readonly leastForecasts: number;
  readonly relativeLoss: readonly [rise: number, keep: number];
  readonly covered90: { readonly rise: readonly [low: number, high: number]; readonly keep: readonly [low: number, high: number] };
  /** Moves that must have ended, to come to each mode. */
  readonly leastMoves: { readonly propose: number; readonly 'approve-risky': number; readonly act: number };
  readonly rollbackShare: readonly [rise: number, keep: number];
  /** Shares are of so many moves at least: one of three that went back is no third. */
  readonly shareOf: number;
  readonly drillAgeMs: readonly [rise: number, keep: number];
  readonly timeToSafeMs: readonly [rise: number, keep: number];
}

const MINUTE = 60_000;
const DAY = 86_400_000;

export const DEFAULT_AUTONOMY: AutonomyThresholds = {
  latelyMs: 7 * DAY,
  leastDwellMs: DAY,
  leastForecasts: 100,
  relativeLoss: [0.9, 1],
  covered90: { rise: [0.85, 0.97], keep: [0.8, 0.99] },
  leastMoves: { propose: 0, 'approve-risky': 10, act: 30 },
  rollbackShare: [0.05, 0.1],
  shareOf: 10,
  drillAgeMs: [20 * DAY, 30 * DAY],
  // A target group's deregistration delay, five minutes by default, is part of it.
  timeToSafeMs: [8 * MINUTE, 10 * MINUTE],
};
