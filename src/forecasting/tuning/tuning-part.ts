import type { LoadSeries } from '../load-series';

/** Tuning sees a series up to here; what it found is judged by forecasts of what comes after. */
export const TUNING_SHARE = 0.7;

/** The earlier part of a series, which settings may be fitted to. */
export function tuningPart(series: LoadSeries): LoadSeries {
  return { ...series, values: series.values.slice(0, Math.floor(series.values.length * TUNING_SHARE)) };
}
