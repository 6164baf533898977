import { STANDARD_LEVELS } from '../forecast-model';
import { quantileOfSorted } from '../quantile-of-sorted';
import { placeOfDay, type KinSeries } from './kin-series';
import { DAY_PLACES } from './profile-settings';

/** Bands are read for each hour. */
export const BAND_HOURS = 24;
const PLACES_AN_HOUR = DAY_PLACES / BAND_HOURS;
/** Values of a kin that an hour's quantiles are read from, at most. */
const MOST_VALUES = 300;

/** Quantiles at the standard levels by hour of the day, `[hour][level]` in one array, on the profile's scale. */
export interface KinBands {
  /** Of all kin thrown together: a new workload may turn out like any of them. */
  readonly pooled: Float64Array;
  /** Means over kin of their own quantiles (Vincent 1912): the typical kin. */
  readonly typical: Float64Array;
}

/** What kin use around each hour of the day, an hour to either side; each kin counts the same. */
export function kinBandsOf(kin: readonly KinSeries[]): KinBands {
  const levels = STANDARD_LEVELS.length;
  const pooled = new Float64Array(BAND_HOURS * levels);
  const typical = new Float64Array(BAND_HOURS * levels);
  const byHour = kin.map(valuesByHour).filter((hours) => hours.some(({ length }) => length > 0));
  for (let hour = 0; hour < BAND_HOURS; hour++) {
    const near = byHour.map((hours) => aroundHour(hours, hour)).filter(({ length }) => length > 0);
    const all = Float64Array.from(near.flatMap((values) => evenly(values))).sort();
    STANDARD_LEVELS.forEach((level, l) => {
      pooled[hour * levels + l] = quantileOfSorted(all, level);
      typical[hour * levels + l] = near.reduce((sum, values) => sum + quantileOfSorted(values, level), 0) / near.length;
    });
  }
  return { pooled, typical };
}

function valuesByHour(one: KinSeries): number[][] {
  const hours = Array.from({ length: BAND_HOURS }, (): number[] => []);
  for (let t = 0; t < one.scaled.length; t++) {
    const value = one.scaled[t] as number;
    if (!Number.isNaN(value)) (hours[Math.floor(placeOfDay(one, t) / PLACES_AN_HOUR)] as number[]).push(value);
  }
  return hours;
}

/** The values of an hour and its neighbours, rising; of the whole day where a kin has none of them. */
function aroundHour(hours: readonly (readonly number[])[], hour: number): Float64Array {
  const near = [-1, 0, 1].flatMap((off) => hours[(hour + off + BAND_HOURS) % BAND_HOURS] as readonly number[]);
  return Float64Array.from(near.length > 0 ? near : hours.flat()).sort();
}

/** So many values, evenly spread over a rising row, that each kin has the same say. */
function evenly(sorted: Float64Array): number[] {
  return Array.from({ length: MOST_VALUES }, (_, i) => quantileOfSorted(sorted, (i + 0.5) / MOST_VALUES));
}
