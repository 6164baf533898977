import type { LoadMetric } from './forecast';

/** How the forecasts of one pool, metric, horizon and model turned out. Shares are 0..1; errors are in the metric's unit. */
export interface AccuracySummary {
  readonly pool: string;
  readonly metric: LoadMetric;
  readonly horizonMs: number;
  readonly model: string;
  readonly forecasts: number;
  /** Geometric mean of the quantile loss over that of the naive forecast; null where the naive ones were all exact. */
  readonly relativeLoss: number | null;
  readonly absoluteError: number;
  readonly bias: number;
  readonly covered80: number;
  readonly covered90: number;
  /** Share of forecasts whose peak's 0.95 quantile held; null for parts of forecasts. */
  readonly peakHeld: number | null;
}

/** One model's accuracy over a time. Forecasts of one subject are not independent: each subject counts once, with its mean. */
export interface AccuracyWindow {
  readonly subjects: number;
  readonly forecasts: number;
  /** Mean over subjects of the mean logarithm of relative loss; null without subjects. */
  readonly meanLogRatio: number | null;
  /** Standard error of that mean; null below two subjects. */
  readonly standardError: number | null;
  readonly covered90: number | null;
}

/** What accuracy is meant to be. `[low, high]` for shares. */
export interface AccuracyTargets {
  readonly relativeLoss: number;
  readonly covered80: readonly [number, number];
  readonly covered90: readonly [number, number];
  readonly peakHeld: readonly [number, number];
}

const HALF_A_DAY_MS = 43_200_000;

/** The goals of the forecasting engine, for hours and for days ahead. */
export function accuracyTargets(horizonMs: number): AccuracyTargets {
  return { relativeLoss: horizonMs < HALF_A_DAY_MS ? 0.53 : 0.72, covered80: [0.78, 0.84], covered90: [0.85, 0.95], peakHeld: [0.93, 0.97] };
}
