import { forward, type ForwardMemory } from './forward';
import type { HmmParameters, HmmSequence } from './hmm-parameters';

/** What Baum and Welch's expectation step counts over sequences: all that a new fit needs of them (sufficient statistics). They add up over sequences. */
export interface StateCounts {
  logLikelihood: number;
  /** Observations, gaps left out. */
  observed: number;
  /** `[state]`: expected beginnings. */
  readonly initial: Float64Array;
  /** `[part][from][to]`: expected transitions. */
  readonly transitions: Float64Array;
  /** `[state]`: expected observations, and sums and sums of squares of their distances from `centers`. */
  readonly weights: Float64Array;
  readonly sums: Float64Array;
  readonly squares: Float64Array;
  /** `[state]`: the means that the distances are counted from: squares of large numbers would lose digits. */
  readonly centers: Float64Array;
}

export function emptyCounts({ states, dayParts, means }: Pick<HmmParameters, 'states' | 'dayParts' | 'means'>): StateCounts {
  const row = () => new Float64Array(states);
  return { logLikelihood: 0, observed: 0, initial: row(), transitions: new Float64Array(dayParts * states * states), weights: row(), sums: row(), squares: row(), centers: means.slice() };
}

/** Adds what one sequence says to the counts: forward, then backward in log space, each pair of neighbouring states as it is passed. */
export function addExpectations(hmm: HmmParameters, sequence: HmmSequence, counts: StateCounts, memory: ForwardMemory): void {
  const { states, transitions } = hmm;
  const { values, parts } = sequence;
  const { emissions, scaled, shifts, logLikelihood } = forward(hmm, sequence, memory);
  counts.logLikelihood += logLikelihood;
  if (values.length === 0) return;
  /** Log density of what comes after a step, by its state. */
  let after = new Float64Array(states);
  let before = new Float64Array(states);
  const ahead = new Float64Array(states);
  const share = new Float64Array(states);
  for (let t = values.length - 1; t >= 0; t--) {
    const at = t * states;
    if (t === values.length - 1) {
      let sum = 0;
      for (let i = 0; i < states; i++) sum += scaled[at + i] as number;
      for (let i = 0; i < states; i++) share[i] = (scaled[at + i] as number) / sum;
    } else {
      const row = (parts[t + 1] as number) * states * states;
      let top = -Infinity;
      for (let j = 0; j < states; j++) {
        const log = (emissions[at + states + j] as number) + (after[j] as number);
        ahead[j] = log;
        if (log > top) top = log;
      }
      for (let j = 0; j < states; j++) ahead[j] = Math.exp((ahead[j] as number) - top);
      // Bounded: the highest of each factor is 1 and the transition between them is not 0, while their product is a probability.
      const factor = Math.exp((shifts[t] as number) + top - logLikelihood);
      for (let i = 0; i < states; i++) {
        const from = factor * (scaled[at + i] as number);
        let sum = 0;
        let total = 0;
        for (let j = 0; j < states; j++) {
          const term = (transitions[row + i * states + j] as number) * (ahead[j] as number);
          const both = from * term;
          counts.transitions[row + i * states + j] = (counts.transitions[row + i * states + j] as number) + both;
          sum += term;
          total += both;
        }
        before[i] = top + Math.log(sum);
        share[i] = total;
      }
      [after, before] = [before, after];
    }
    const value = values[t] as number;
    if (t === 0) for (let i = 0; i < states; i++) counts.initial[i] = (counts.initial[i] as number) + (share[i] as number);
    if (value !== value) continue;
    counts.observed++;
    for (let i = 0; i < states; i++) {
      const weight = share[i] as number;
      const off = value - (counts.centers[i] as number);
      counts.weights[i] = (counts.weights[i] as number) + weight;
      counts.sums[i] = (counts.sums[i] as number) + weight * off;
      counts.squares[i] = (counts.squares[i] as number) + weight * off * off;
    }
  }
}
