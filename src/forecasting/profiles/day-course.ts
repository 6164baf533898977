import { placeOfDay, type KinSeries } from './kin-series';
import { DAY_PLACES } from './profile-settings';

/** Places to either side over which the course is smoothed: an hour and a half. */
const HALF_WIDTH = 6;
/** Each place's mean counts as if so many kin without a course of the day stood beside it. */
const FLAT_KIN = 1;

/** `[place of the day]`: how far above (or below) its own mean a kin usually is, on the profile's scale; all kin alike, smoothed, and shrunk where they are few. */
export function dayCourseOf(kin: readonly KinSeries[]): Float64Array {
  const total = new Float64Array(DAY_PLACES);
  for (const one of kin) {
    const sums = new Float64Array(DAY_PLACES);
    const counts = new Float64Array(DAY_PLACES);
    for (let t = 0; t < one.scaled.length; t++) {
      const value = one.scaled[t] as number;
      if (Number.isNaN(value)) continue;
      const place = placeOfDay(one, t);
      sums[place] = (sums[place] as number) + value;
      counts[place] = (counts[place] as number) + 1;
    }
    const seen = counts.reduce((sum, count) => sum + count, 0);
    if (seen === 0) continue;
    const mean = sums.reduce((sum, value) => sum + value, 0) / seen;
    for (let p = 0; p < DAY_PLACES; p++) {
      if ((counts[p] as number) > 0) total[p] = (total[p] as number) + (sums[p] as number) / (counts[p] as number) - mean;
    }
  }
  return Float64Array.from(total, (_, p) => {
    let sum = 0;
    for (let off = -HALF_WIDTH; off <= HALF_WIDTH; off++) sum += total[(p + off + DAY_PLACES) % DAY_PLACES] as number;
    return sum / (2 * HALF_WIDTH + 1) / (kin.length + FLAT_KIN);
  });
}
