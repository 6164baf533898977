import { createRandomStream } from '../../domain/seeded-random';
import { quantileOfSorted } from '../quantile-of-sorted';

const RESAMPLES = 2000;

/**
 * Percentile interval of a mean by bootstrap (Efron 1979): the values drawn anew, with replacement, 2,000 times.
 *
 * @param confidence probability (0..1) that the interval is to hold
 * @throws RangeError without values
 */
export function bootstrapInterval(values: readonly number[], confidence: number, seed: number): { readonly mean: number; readonly low: number; readonly high: number } {
  if (values.length === 0) throw new RangeError('values: there is nothing to take the mean of');
  const random = createRandomStream(seed);
  const means = new Float64Array(RESAMPLES);
  for (let r = 0; r < RESAMPLES; r++) {
    let sum = 0;
    for (let i = 0; i < values.length; i++) sum += values[Math.floor(random() * values.length)] as number;
    means[r] = sum / values.length;
  }
  means.sort();
  const tail = (1 - confidence) / 2;
  return { mean: values.reduce((sum, value) => sum + value, 0) / values.length, low: quantileOfSorted(means, tail), high: quantileOfSorted(means, 1 - tail) };
}
