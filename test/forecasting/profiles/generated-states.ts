import { createRandomStream, nextNormal } from '../../../src/domain/seeded-random';
import { dayPartsOf, type HmmParameters, type HmmSequence } from '../../../src/forecasting/profiles/hmm/hmm-parameters';

const STEP_MS = 300_000;

/** Two states, idle and busy; by day the busy one is entered often, at night hardly ever. */
export const DAY_AND_NIGHT: HmmParameters = {
  states: 2,
  dayParts: 2,
  initial: Float64Array.of(0.5, 0.5),
  transitions: Float64Array.of(0.98, 0.02, 0.3, 0.7, 0.8, 0.2, 0.05, 0.95),
  means: Float64Array.of(10, 40),
  deviations: Float64Array.of(2, 5),
};

/** Sequences drawn from a model, and the states that made them. */
export function drawSequences(hmm: HmmParameters, count: number, steps: number, seed: number): { readonly sequences: HmmSequence[]; readonly paths: Uint8Array[] } {
  const random = createRandomStream(seed);
  const pick = (shares: Float64Array) => {
    let left = random();
    return Math.max(0, shares.findIndex((share) => (left -= share) < 0));
  };
  const paths: Uint8Array[] = [];
  const sequences = Array.from({ length: count }, () => {
    const parts = dayPartsOf(0, STEP_MS, steps, hmm.dayParts);
    const path = new Uint8Array(steps);
    const values = new Float64Array(steps);
    for (let t = 0; t < steps; t++) {
      const row = ((parts[t] as number) * hmm.states + (t === 0 ? 0 : (path[t - 1] as number))) * hmm.states;
      const state = pick(t === 0 ? hmm.initial : hmm.transitions.subarray(row, row + hmm.states));
      path[t] = state;
      values[t] = (hmm.means[state] as number) + (hmm.deviations[state] as number) * nextNormal(random);
    }
    paths.push(path);
    return { values, parts };
  });
  return { sequences, paths };
}
