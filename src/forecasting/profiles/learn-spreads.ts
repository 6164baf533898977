import { STANDARD_LEVELS } from '../forecast-model';
import { medianLevel } from '../median-level';
import { toScale, fromScale, type LoadScale } from './load-scale';

/** A mixture for one moment of a kin that nothing in it had seen, and what came. */
export interface SpreadExample {
  readonly kin: number;
  /** `[step][level]` in one array. */
  readonly mixed: Float64Array;
  readonly truth: Float64Array;
}

const LEVELS = STANDARD_LEVELS.length;
const MEDIAN = medianLevel(STANDARD_LEVELS);
/** Kin that the prior (1: as the mixture says) counts for. */
const PRIOR_KIN = 1;
const NARROWEST = 0.3;
const WIDEST = 4;

/**
 * How far each level must lie from the median, in what the mixture says, to hold as often as it claims on kin that it had not seen: split conformal prediction (Vovk et al. 2005) over series, one level at a
 * time, on the profile's scale. Each kin counts the same, and the one to come as one more that was missed.
 *
 * @returns `[level]`, 1 at the median
 */
export function learnSpreads(examples: readonly SpreadExample[], scale: LoadScale): number[] {
  const counts = new Map<number, number>();
  for (const { kin, truth } of examples) counts.set(kin, (counts.get(kin) ?? 0) + truth.filter((value) => !Number.isNaN(value)).length);
  return STANDARD_LEVELS.map((level, l) => {
    if (l === MEDIAN) return 1;
    const scores: { value: number; weight: number }[] = [];
    for (const { kin, mixed, truth } of examples) {
      for (let s = 0; s < truth.length; s++) {
        if (Number.isNaN(truth[s])) continue;
        const median = toScale(scale, mixed[s * LEVELS + MEDIAN] as number);
        const width = toScale(scale, mixed[s * LEVELS + l] as number) - median;
        if (Math.abs(width) > 1e-9) scores.push({ value: (toScale(scale, truth[s] as number) - median) / width, weight: 1 / (counts.get(kin) as number) });
      }
    }
    if (scores.length === 0) return 1;
    const found = Math.min(WIDEST, Math.max(NARROWEST, weightedQuantile(scores, 1 - (Math.min(level, 1 - level) * counts.size) / (counts.size + 1))));
    return Math.exp((counts.size * Math.log(found)) / (counts.size + PRIOR_KIN));
  });
}

function weightedQuantile(rows: { readonly value: number; readonly weight: number }[], share: number): number {
  rows.sort((a, b) => a.value - b.value);
  const total = rows.reduce((sum, { weight }) => sum + weight, 0);
  let sum = 0;
  return (rows.find(({ weight }) => (sum += weight) >= share * total) ?? rows.at(-1))?.value ?? 1;
}

/** Moves each level of each step to where it holds. */
export function applySpreads(mixed: Float64Array, spreadsOf: (step: number) => readonly number[], scale: LoadScale): Float64Array {
  const held = new Float64Array(mixed.length);
  for (let at = 0; at < mixed.length; at += LEVELS) {
    const spreads = spreadsOf(at / LEVELS);
    const median = toScale(scale, mixed[at + MEDIAN] as number);
    for (let l = 0; l < LEVELS; l++) held[at + l] = fromScale(scale, median + (spreads[l] as number) * (toScale(scale, mixed[at + l] as number) - median));
    held.subarray(at, at + LEVELS).sort();
  }
  return held;
}
