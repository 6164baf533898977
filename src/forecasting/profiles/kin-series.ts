import type { LoadSeries } from '../load-series';
import { DAY_PLACES } from './profile-settings';
import { toScale, type LoadScale } from './load-scale';

/** One kin's load as a profile learns from it. */
export interface KinSeries {
  readonly id: string;
  readonly startAtMs: number;
  readonly stepMs: number;
  /** As measured, NaN for a gap. */
  readonly values: Float64Array;
  /** The same on the profile's scale. */
  readonly scaled: Float64Array;
}

const DAY_MS = 86_400_000;

export function toKinSeries(series: Pick<LoadSeries, 'id' | 'startAtMs' | 'stepMs' | 'values'>, scale: LoadScale): KinSeries {
  const values = Float64Array.from(series.values, (value) => value ?? NaN);
  return { id: series.id, startAtMs: series.startAtMs, stepMs: series.stepMs, values, scaled: values.map((value) => toScale(scale, value)) };
}

/** The place of the day (UTC), 0..`DAY_PLACES - 1`, of a series' step. */
export function placeOfDay({ startAtMs, stepMs }: Pick<KinSeries, 'startAtMs' | 'stepMs'>, step: number): number {
  const ofDayMs = (((startAtMs + step * stepMs) % DAY_MS) + DAY_MS) % DAY_MS;
  return Math.min(DAY_PLACES - 1, Math.floor((ofDayMs * DAY_PLACES) / DAY_MS));
}
