import { STANDARD_LEVELS } from '../../../src/forecasting/forecast-model';
import type { LoadSeries } from '../../../src/forecasting/load-series';
import { quantileOfSorted } from '../../../src/forecasting/quantile-of-sorted';

export type Rows = readonly (readonly number[])[];
const HOURS = 24;
const HOUR_MS = 3_600_000;
const DAY = 288;

/** The last value plus what own values changed over the same lead, as far as the history is long enough to tell. @param own without gaps, one value at least */
export function lastValue(own: readonly number[], horizon: number): Rows {
  const last = own.at(-1) as number;
  return Array.from({ length: horizon }, (_, h) => spread(last, changesOf(own, h + 1)));
}

/** Yesterday's value where the history reaches it, else the last value; null where it never does. */
export function seasonalNaive(own: readonly number[], horizon: number): Rows | null {
  if (own.length + horizon <= DAY) return null;
  const last = own.at(-1) as number;
  return Array.from({ length: horizon }, (_, h) => spread(own[own.length + h - DAY] ?? last, changesOf(own, h + 1)));
}

function changesOf(own: readonly number[], lead: number): Float64Array {
  const lag = Math.min(lead, own.length - 1);
  return Float64Array.from({ length: Math.max(1, own.length - lag) }, (_, i) => (lag === 0 ? 0 : (own[i + lag] as number) - (own[i] as number))).sort();
}

function spread(center: number, changes: Float64Array): number[] {
  return STANDARD_LEVELS.map((level) => Math.max(0, center + quantileOfSorted(changes, level)));
}

/** The mean of kin at the hour of the day, with what their values lie around it; or that mean alone. */
export function kinAverage(kin: readonly LoadSeries[]): { readonly withSpread: (atMs: number) => number[]; readonly alone: (atMs: number) => number[] } {
  const hourOf = (atMs: number) => Math.floor((atMs / HOUR_MS) % HOURS);
  const means = new Float64Array(HOURS);
  const counts = new Float64Array(HOURS);
  const each = (work: (value: number, hour: number, share: number) => void) => {
    for (const { values, startAtMs, stepMs } of kin) values.forEach((value, t) => value !== null && work(value, hourOf(startAtMs + t * stepMs), 1 / values.length));
  };
  each((value, hour, share) => {
    means[hour] = (means[hour] as number) + share * value;
    counts[hour] = (counts[hour] as number) + share;
  });
  const mean = means.map((sum, hour) => sum / Math.max(1e-9, counts[hour] as number));
  const all: number[] = [];
  // Each kin has the same say: as many values of each.
  for (const { values, startAtMs, stepMs } of kin) {
    const every = Math.max(1, Math.floor(values.length / 500));
    for (let t = 0; t < values.length; t += every) if (values[t] !== null && values[t] !== undefined) all.push((values[t] as number) - (mean[hourOf(startAtMs + t * stepMs)] as number));
  }
  const deviations = Float64Array.from(all).sort();
  return {
    withSpread: (atMs) => spread(mean[hourOf(atMs)] as number, deviations),
    alone: (atMs) => STANDARD_LEVELS.map(() => mean[hourOf(atMs)] as number),
  };
}
