import { total } from './rank-evidence';

/** Probabilities of classes as they are known from counts and what was believed before them. */
export function pastShares(counts: readonly number[], believed: readonly number[]): readonly number[] {
  const of = total(counts) + total(believed);
  return believed.map((belief, i) => (belief + (counts[i] ?? 0)) / of);
}

/** The same of two classes: the rate (0..1) of the second. */
export function pastRate(counts: readonly number[], believed: readonly number[]): number {
  return pastShares(counts, believed)[1] ?? 0;
}
