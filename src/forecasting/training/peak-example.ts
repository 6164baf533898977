import { dayLengthOf } from '../day-length';
import { fillGaps } from '../fill-gaps';
import { STANDARD_LEVELS } from '../forecast-model';
import { highest } from '../path-distribution';
import { peakHistory, type PeakHistory } from '../peak/peak-history';
import { peakInput, type ScaledPeakInput } from '../peak/peak-input';
import { quantileOfSorted } from '../quantile-of-sorted';
import type { TrainingSeries } from './read-traces';

/** A moment at which the gate of the highest value learns or is judged; quantities in units of the input's scale. */
export interface PeakExample {
  readonly seriesId: string;
  readonly entity: string;
  readonly family: string;
  readonly input: ScaledPeakInput;
  /** The highest value that came. */
  readonly truth: number;
  /** `[standard level]`: yesterday's rule, the last day's highest value plus how it changed from day to day. */
  readonly yesterday: Float64Array;
  /** Mean change from day to day over the input's scale: makes losses of machines comparable. */
  readonly dayScale: number;
}

const FEWEST_DAYS = 3;
const LONGEST_DAYS = 28;
const MOMENTS_PER_DAY = 4;

/** Moments of a series, the latest first, four a day, from its third day on (or the seventh, or half of it: `settled`, where tasks begin). */
export function peakOrigins({ values, stepSeconds }: TrainingSeries, settled: boolean): number[] {
  const day = Math.round(86_400 / stepSeconds);
  const first = settled ? Math.max(FEWEST_DAYS * day, Math.min(7 * day, Math.floor(values.length / 2))) : FEWEST_DAYS * day;
  const origins: number[] = [];
  for (let at = values.length - day; at >= first; at -= Math.max(1, Math.floor(day / MOMENTS_PER_DAY))) origins.push(at);
  return origins;
}

/** The example of the day after `origin`; null where too little is seen of either, or the load never changed. */
export function peakExample(series: TrainingSeries, origin: number): PeakExample | null {
  const dayLength = dayLengthOf({ stepMs: series.stepSeconds * 1000 });
  const future = series.values.slice(origin, origin + dayLength).filter((value) => value !== null);
  const past = series.values.slice(Math.max(0, origin - LONGEST_DAYS * dayLength), origin);
  const begin = past.findIndex((value) => value !== null);
  if (future.length < 0.8 * dayLength || begin < 0 || past.length - begin < FEWEST_DAYS * dayLength) return null;
  const history = peakHistory(fillGaps(past.slice(begin), dayLength).values, dayLength, dayLength);
  const input = peakInput(history);
  if (input === null) return null;
  const { values } = history;
  let change = 0;
  for (let i = dayLength; i < values.length; i++) change += Math.abs((values[i] as number) - (values[i - dayLength] as number));
  const range = highest(values) + highest(values.map((value) => -value));
  return {
    seriesId: series.id,
    entity: series.entity,
    family: series.family,
    input,
    truth: (highest(future) - input.from) / input.scale,
    yesterday: yesterdaysRule(history).map((value) => value / input.scale),
    dayScale: (change / (values.length - dayLength) + 0.01 * range) / input.scale,
  };
}

/** What yesterday's rule adds to the latest highest value. */
function yesterdaysRule(history: PeakHistory): Float64Array {
  const { maxima, end, horizon } = history;
  const changes = Float64Array.from({ length: end - 2 * horizon + 1 }, (_, i) => (maxima[i + horizon] as number) - (maxima[i] as number)).sort();
  return Float64Array.from(STANDARD_LEVELS, (level) => changes.length > 5 ? quantileOfSorted(changes, level) : 0);
}
