import type { FleetMode } from '../fleet-plan/plan-modes';

/** How a pool's forecasts turned out, each subject counting once. */
export interface ForecastRecord {
  readonly forecasts: number;
  /** Loss over that of the naive forecast, below 1 where better; null where nobody knows. */
  readonly relativeLoss: number | null;
  /** Share (0..1) of what came that lay within the 90 % interval; null where nobody knows. */
  readonly covered90: number | null;
}

/** The newest rehearsal of the way back that tells something. */
export interface DrillRecord {
  readonly atMs: number;
  /** False: it left something to an operator, or its shadow was worse than its source. */
  readonly passed: boolean;
  /** From the decision to go back until the source had everything; null where it did not come to that. */
  readonly timeToSafeMs: number | null;
}

/** What was measured of a pool, and the mode that it has. */
export interface AutonomyRecord {
  readonly pool: string;
  readonly nowMs: number;
  readonly mode: FleetMode;
  /** Since when it has it. */
  readonly sinceMs: number;
  /** Of the last days, whatever the mode was. */
  readonly lately: ForecastRecord;
  /** Of what was issued since the mode changed. */
  readonly sinceChange: ForecastRecord;
  /** What shook the trust since the mode changed, one sentence each: a move that needed an operator, one that an operator took back. */
  readonly incidents: readonly string[];
  /** Moves that ended since the mode changed and since the last incident. */
  readonly moves: { readonly completed: number; readonly rolledBack: number };
  readonly drill: DrillRecord | null;
  /** The highest that an operator allows; null where nobody said. */
  readonly cap: { readonly mode: FleetMode; readonly reason: string } | null;
}
