import type { HmmParameters, HmmSequence } from './hmm-parameters';
import { createLogEmissions } from './log-emissions';

/** The forward pass over one sequence. */
export interface ForwardPass {
  /** `[step][state]`: log density of an observation alone. */
  readonly emissions: Float64Array;
  /** `[step][state]`: log joint density of the state and all observations up to the step, less the step's `shifts`, as a plain number of 0..1. */
  readonly scaled: Float64Array;
  /** `[step]`: the highest log joint density. */
  readonly shifts: Float64Array;
  /** Log likelihood of the whole sequence (natural logarithm). */
  readonly logLikelihood: number;
}

/** Memory of forward passes, to be used again from sequence to sequence. */
export interface ForwardMemory {
  emissions: Float64Array;
  scaled: Float64Array;
  shifts: Float64Array;
}

export function forwardMemory(): ForwardMemory {
  return { emissions: new Float64Array(), scaled: new Float64Array(), shifts: new Float64Array() };
}

/**
 * The forward recursion in log space (Rabiner 1989): each step is a log-sum-exp around its highest term, so that one exponential and one logarithm a state are
 * enough, and no product ever leaves the range of a double: the highest term is 1, and no transition is 0.
 */
export function forward(hmm: HmmParameters, { values, parts }: HmmSequence, memory: ForwardMemory = forwardMemory()): ForwardPass {
  const { states, transitions, initial } = hmm;
  const steps = values.length;
  if (memory.shifts.length < steps || memory.scaled.length < steps * states) {
    memory.emissions = new Float64Array(steps * states);
    memory.scaled = new Float64Array(steps * states);
    memory.shifts = new Float64Array(steps);
  }
  const { emissions, scaled, shifts } = memory;
  const write = createLogEmissions(hmm);
  const logs = new Float64Array(states);
  for (let t = 0; t < steps; t++) {
    const at = t * states;
    write(values[t] as number, emissions, at);
    let top = -Infinity;
    const row = (parts[t] as number) * states * states;
    for (let j = 0; j < states; j++) {
      let sum = initial[j] as number;
      if (t > 0) {
        sum = 0;
        for (let i = 0; i < states; i++) sum += (scaled[at - states + i] as number) * (transitions[row + i * states + j] as number);
      }
      const log = Math.log(sum) + (emissions[at + j] as number);
      logs[j] = log;
      if (log > top) top = log;
    }
    for (let j = 0; j < states; j++) scaled[at + j] = Math.exp((logs[j] as number) - top);
    shifts[t] = top + (t > 0 ? (shifts[t - 1] as number) : 0);
  }
  let last = 0;
  for (let i = 0; i < states; i++) last += steps === 0 ? 1 / states : (scaled[(steps - 1) * states + i] as number);
  return { emissions, scaled, shifts, logLikelihood: Math.log(last) + (steps === 0 ? 0 : (shifts[steps - 1] as number)) };
}

/** Log likelihood of sequences that are independent of each other. */
export function logLikelihoodOf(hmm: HmmParameters, sequences: readonly HmmSequence[]): number {
  const memory = forwardMemory();
  return sequences.reduce((sum, one) => sum + forward(hmm, one, memory).logLikelihood, 0);
}

/** `[state]`: how probable each state is after the last step, given all observations; the initial ones of an empty sequence. */
export function filteredStates(hmm: HmmParameters, sequence: HmmSequence): Float64Array {
  const steps = sequence.values.length;
  if (steps === 0) return hmm.initial.slice();
  const { scaled } = forward(hmm, sequence);
  const last = scaled.slice((steps - 1) * hmm.states, steps * hmm.states);
  const sum = last.reduce((total, value) => total + value, 0);
  return last.map((value) => value / sum);
}
