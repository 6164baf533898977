import { addExpectations, emptyCounts, type StateCounts } from './expect-states';
import { forwardMemory } from './forward';
import { checkHmm, type HmmParameters, type HmmSequence } from './hmm-parameters';

export interface BaumWelchOptions {
  readonly iterations: number;
  /** Ends when an iteration gains less than this, in natural logarithms an observation. */
  readonly tolerance: number;
  /** States do not get narrower than this: idle load would shrink one to a point of infinite density. */
  readonly smallestDeviation: number;
  /** Expected transitions of the whole day that each part's own are filled up by: a part with few falls back on the day. */
  readonly partPrior: number;
}

export interface HmmFit {
  readonly hmm: HmmParameters;
  /** Of the parameters that are returned, natural logarithm. */
  readonly logLikelihood: number;
  readonly observed: number;
  readonly iterations: number;
}

/** Each transition counts as seen so often: none may be impossible. */
const TRANSITION_FLOOR = 1e-3;

/** Improves parameters by expectation and maximisation (Baum et al. 1970) over many sequences. The likelihood grows with each iteration, up to what priors and floors hold back. */
export function baumWelch(start: HmmParameters, sequences: readonly HmmSequence[], options: BaumWelchOptions): HmmFit {
  checkHmm(start);
  const memory = forwardMemory();
  const expect = (hmm: HmmParameters): StateCounts => {
    const counts = emptyCounts(hmm);
    for (const sequence of sequences) addExpectations(hmm, sequence, counts, memory);
    return counts;
  };
  let hmm = start;
  let counts = expect(hmm);
  let iterations = 0;
  while (iterations < options.iterations) {
    const next = maximize(counts, hmm, options);
    const following = expect(next);
    const gain = (following.logLikelihood - counts.logLikelihood) / Math.max(1, counts.observed);
    iterations++;
    // A prior may cost a little likelihood at the end; the better of the two stays.
    if (!(gain > 0)) break;
    [hmm, counts] = [next, following];
    if (gain < options.tolerance) break;
  }
  return { hmm, logLikelihood: counts.logLikelihood, observed: counts.observed, iterations };
}

/** The parameters that explain the counts best. */
export function maximize(counts: StateCounts, { states, dayParts, means, deviations }: HmmParameters, { smallestDeviation, partPrior }: Pick<BaumWelchOptions, 'smallestDeviation' | 'partPrior'>): HmmParameters {
  const beginnings = counts.initial.reduce((sum, value) => sum + value, 0);
  const initial = counts.initial.map((value) => (value + TRANSITION_FLOOR) / (beginnings + states * TRANSITION_FLOOR));
  const transitions = new Float64Array(dayParts * states * states);
  for (let i = 0; i < states; i++) {
    const whole = new Float64Array(states).fill(TRANSITION_FLOOR);
    for (let p = 0; p < dayParts; p++) for (let j = 0; j < states; j++) whole[j] = (whole[j] as number) + (counts.transitions[(p * states + i) * states + j] as number);
    const wholeSum = whole.reduce((sum, value) => sum + value, 0);
    for (let p = 0; p < dayParts; p++) {
      const at = (p * states + i) * states;
      let own = 0;
      for (let j = 0; j < states; j++) own += counts.transitions[at + j] as number;
      const prior = dayParts === 1 ? 0 : partPrior;
      for (let j = 0; j < states; j++) {
        const ofDay = (whole[j] as number) / wholeSum;
        transitions[at + j] = dayParts === 1 ? ofDay : ((counts.transitions[at + j] as number) + prior * ofDay) / (own + prior);
      }
    }
  }
  const shift = (i: number) => (counts.sums[i] as number) / (counts.weights[i] as number);
  // A state that explains nothing keeps its place.
  const isUsed = (i: number) => (counts.weights[i] as number) > 1e-6;
  return {
    states,
    dayParts,
    initial,
    transitions,
    means: means.map((mean, i) => (isUsed(i) ? (counts.centers[i] as number) + shift(i) : mean)),
    deviations: deviations.map((deviation, i) => (isUsed(i) ? Math.max(smallestDeviation, Math.sqrt(Math.max(0, (counts.squares[i] as number) / (counts.weights[i] as number) - shift(i) ** 2))) : deviation)),
  };
}
