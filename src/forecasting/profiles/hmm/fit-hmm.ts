import { createRandomStream } from '../../../domain/seeded-random';
import { quantileOfSorted } from '../../quantile-of-sorted';
import { baumWelch, type BaumWelchOptions, type HmmFit } from './baum-welch';
import type { HmmParameters, HmmSequence } from './hmm-parameters';
import { logLikelihoodOf } from './forward';
import { sortedValues, startParameters } from './start-parameters';

export interface FitHmmOptions {
  /** Numbers of states that are tried; the one under which the sequences held out are most likely is taken. */
  readonly stateCounts: readonly number[];
  readonly dayParts: number;
  /** Fits from different beginnings, of which the likeliest counts. */
  readonly restarts: number;
  readonly seed: number;
  /** Parameters of an earlier fit: the number of states and where to begin are theirs. */
  readonly start?: HmmParameters;
}

/** How likely each number of states makes what was held out, in natural logarithms an observation. */
export interface StateCountScore {
  readonly states: number;
  readonly heldOut: number;
}

const ITERATIONS = 25;
const TOLERANCE = 2e-4;
/** A state is at least this share of all values' spread wide. */
const NARROWEST_SHARE = 0.01;
const PART_PRIOR = 20;
/** The number of states is chosen on so many values: more decide no better. */
const MOST_CHOICE_VALUES = 60_000;

/**
 * Fits one model to many sequences, and chooses how many states it has. The same seed gives the same model.
 *
 * @throws RangeError where no sequence has a value
 */
export function fitHmm(sequences: readonly HmmSequence[], { stateCounts, dayParts, restarts, seed, start }: FitHmmOptions): { readonly fit: HmmFit; readonly scores: readonly StateCountScore[] } {
  const sorted = sortedValues(sequences);
  if (sorted.length === 0) throw new RangeError('sequences: there is no value to learn states from');
  const options = optionsFor(sorted);
  if (start !== undefined) return { fit: baumWelch(start, sequences, options), scores: [] };
  const counts = stateCounts.filter((states) => states <= sorted.length);
  const bestOf = (some: readonly HmmSequence[], states: number) => likeliest(Array.from({ length: restarts }, (_, r) => baumWelch(startParameters(sorted, states, dayParts, options.smallestDeviation, createRandomStream(seed + 7919 * r + states)), some, options)));
  const few = thinned(sequences, MOST_CHOICE_VALUES);
  const { training, heldOut } = splitSequences(few);
  const scores = counts.length < 2 ? [] : counts.map((states): StateCountScore => ({ states, heldOut: logLikelihoodOf(bestOf(training, states).hmm, heldOut) / Math.max(1, countSeen(heldOut)) }));
  const states = scores.reduce((best, one) => (one.heldOut > best.heldOut ? one : best), scores[0] ?? { states: counts[0] ?? 1, heldOut: 0 }).states;
  const begun = bestOf(few, states);
  return { fit: few === sequences ? begun : baumWelch(begun.hmm, sequences, options), scores };
}

function optionsFor(sorted: Float64Array): BaumWelchOptions {
  const spread = quantileOfSorted(sorted, 0.95) - quantileOfSorted(sorted, 0.05) || Math.abs(quantileOfSorted(sorted, 0.5)) || 1;
  return { iterations: ITERATIONS, tolerance: TOLERANCE, smallestDeviation: NARROWEST_SHARE * spread, partPrior: PART_PRIOR };
}

function likeliest(fits: readonly HmmFit[]): HmmFit {
  return fits.reduce((best, one) => (one.logLikelihood > best.logLikelihood ? one : best));
}

function countSeen(sequences: readonly HmmSequence[]): number {
  return sequences.reduce((sum, { values }) => sum + values.reduce((count, value) => count + (Number.isNaN(value) ? 0 : 1), 0), 0);
}

/** Sequences evenly taken until they hold about so many values; all of them where they hold no more. */
function thinned(sequences: readonly HmmSequence[], most: number): readonly HmmSequence[] {
  const total = sequences.reduce((sum, { values }) => sum + values.length, 0);
  if (total <= most) return sequences;
  const kept = Math.max(4, Math.floor((sequences.length * most) / total));
  if (kept >= sequences.length) return sequences.map((one) => lastOf(one, Math.ceil(most / sequences.length)));
  return Array.from({ length: kept }, (_, k) => sequences[Math.floor((k * sequences.length) / kept)] as HmmSequence);
}

function lastOf({ values, parts }: HmmSequence, count: number): HmmSequence {
  return { values: values.subarray(-count), parts: parts.subarray(-count) };
}

/** Whole sequences are held out where there are enough: what shall be told is how well unknown kin are described; else the last quarter of each. */
export function splitSequences(sequences: readonly HmmSequence[]): { readonly training: readonly HmmSequence[]; readonly heldOut: readonly HmmSequence[] } {
  if (sequences.length >= 4) return { training: sequences.filter((_, i) => i % 4 !== 3), heldOut: sequences.filter((_, i) => i % 4 === 3) };
  const cut = ({ values }: HmmSequence) => Math.floor(0.75 * values.length);
  return {
    training: sequences.map((one) => ({ values: one.values.subarray(0, cut(one)), parts: one.parts.subarray(0, cut(one)) })),
    heldOut: sequences.map((one) => ({ values: one.values.subarray(cut(one)), parts: one.parts.subarray(cut(one)) })),
  };
}
