import type { LoadSeries } from '../load-series';
import { recentHistory } from './recent-history';

/** Fewer steps before an origin bear no forecast worth judging. */
const FEWEST_STEPS = 24;

/** One place of a series at which forecasts are made and held against what came. */
export interface BacktestPlace {
  /** The last 28 days before the origin: nothing of what comes after it. */
  readonly history: LoadSeries;
  /** Steps of the series before the origin. */
  readonly origin: number;
}

/**
 * Origins of a rolling-origin backtest (Tashman 2000): at most `count`, spread evenly, the last as late as the horizon allows; rising.
 *
 * @param fromShare none has less than this share (0..1) of the series before it
 */
export function rollingOrigins(length: number, horizonSteps: number, count: number, fromShare: number): number[] {
  const last = length - horizonSteps;
  const first = Math.max(FEWEST_STEPS, Math.ceil(length * fromShare));
  if (last < first) return [];
  const origins = Array.from({ length: count }, (_, i) => (count === 1 ? last : Math.round(first + ((last - first) * i) / (count - 1))));
  return [...new Set(origins)];
}

/** The histories that a backtest forecasts from, cut off at each origin; places without any value before them are left out. */
export function backtestPlaces(series: LoadSeries, horizonSteps: number, count: number, fromShare: number): BacktestPlace[] {
  return rollingOrigins(series.values.length, horizonSteps, count, fromShare).flatMap((origin) => {
    const history = recentHistory({ ...series, values: series.values.slice(0, origin) });
    return history.values.some((value) => value !== null) ? [{ history, origin }] : [];
  });
}
