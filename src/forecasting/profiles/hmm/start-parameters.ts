import type { RandomStream } from '../../../domain/seeded-random';
import { quantileOfSorted } from '../../quantile-of-sorted';
import type { HmmParameters, HmmSequence } from './hmm-parameters';

/** Chance to stay in a state from one step to the next, before anything is known. */
const STAY = 0.9;
const MOST_VALUES = 20_000;
const ROUNDS = 10;

/** All seen values of sequences, or an even share of them, rising. */
export function sortedValues(sequences: readonly HmmSequence[]): Float64Array {
  const total = sequences.reduce((sum, { values }) => sum + values.length, 0);
  const every = Math.max(1, Math.ceil(total / MOST_VALUES));
  const found: number[] = [];
  let at = 0;
  for (const { values } of sequences) for (const value of values) if (at++ % every === 0 && !Number.isNaN(value)) found.push(value);
  return Float64Array.from(found).sort();
}

/**
 * Where a fit begins: means at evenly spaced quantiles, moved at random, then settled by k-means (Lloyd 1982), rising.
 *
 * @param sorted values that the states shall explain, rising, one at least
 */
export function startParameters(sorted: Float64Array, states: number, dayParts: number, smallestDeviation: number, random: RandomStream): HmmParameters {
  const means = Float64Array.from({ length: states }, (_, i) => quantileOfSorted(sorted, Math.min(1, Math.max(0, (i + 0.5 + (random() - 0.5) * 0.8) / states)))).sort();
  const deviations = new Float64Array(states);
  for (let round = 0; round < ROUNDS; round++) {
    let from = 0;
    for (let i = 0; i < states; i++) {
      const border = i === states - 1 ? Infinity : ((means[i] as number) + (means[i + 1] as number)) / 2;
      let to = from;
      let sum = 0;
      let squares = 0;
      while (to < sorted.length && (sorted[to] as number) <= border) {
        sum += sorted[to] as number;
        squares += ((sorted[to] as number) - (means[i] as number)) ** 2;
        to++;
      }
      const count = to - from;
      if (count > 0) {
        deviations[i] = Math.max(smallestDeviation, Math.sqrt(squares / count));
        means[i] = sum / count;
      } else deviations[i] = Math.max(smallestDeviation, deviations[i] as number);
      from = to;
    }
    means.sort();
  }
  const row = (i: number) => Array.from({ length: states }, (_, j) => (states === 1 ? 1 : i === j ? STAY : (1 - STAY) / (states - 1)));
  const once = Array.from({ length: states }, (_, i) => row(i)).flat();
  return {
    states,
    dayParts,
    initial: new Float64Array(states).fill(1 / states),
    transitions: Float64Array.from(Array.from({ length: dayParts }, () => once).flat()),
    means,
    deviations,
  };
}
