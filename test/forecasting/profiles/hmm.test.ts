import fc from 'fast-check';
import { createRandomStream } from '../../../src/domain/seeded-random';
import { baumWelch } from '../../../src/forecasting/profiles/hmm/baum-welch';
import { fitHmm } from '../../../src/forecasting/profiles/hmm/fit-hmm';
import { filteredStates, logLikelihoodOf } from '../../../src/forecasting/profiles/hmm/forward';
import { checkHmm, type HmmParameters, type HmmSequence } from '../../../src/forecasting/profiles/hmm/hmm-parameters';
import { startParameters } from '../../../src/forecasting/profiles/hmm/start-parameters';
import { viterbi } from '../../../src/forecasting/profiles/hmm/viterbi';
import { DAY_AND_NIGHT, drawSequences } from './generated-states';

const OPTIONS = { stateCounts: [1, 2, 3, 4], dayParts: 2, restarts: 2, seed: 1 };

/** The likelihood by its definition: the sum over every course of states. */
function likelihoodByCourses({ states, initial, transitions, means, deviations }: HmmParameters, { values, parts }: HmmSequence): number {
  const density = (value: number, state: number) => {
    const deviation = deviations[state] as number;
    return Number.isNaN(value) ? 1 : Math.exp(-0.5 * ((value - (means[state] as number)) / deviation) ** 2) / (deviation * Math.sqrt(2 * Math.PI));
  };
  const from = (t: number, before: number): number => {
    if (t === values.length) return 1;
    let sum = 0;
    for (let state = 0; state < states; state++) {
      const chance = t === 0 ? (initial[state] as number) : (transitions[((parts[t] as number) * states + before) * states + state] as number);
      sum += chance * density(values[t] as number, state) * from(t + 1, state);
    }
    return sum;
  };
  return Math.log(from(0, 0));
}

describe('the hidden Markov model', () => {
  it('has the likelihood that the sum over all courses of states has, gaps and parts of the day included', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.double({ min: -50, max: 100, noNaN: true }), fc.constant(NaN)), { minLength: 1, maxLength: 7 }), (values) => {
        const sequence = { values: Float64Array.from(values), parts: Uint8Array.from(values, (_, t) => t % 2) };
        const expected = likelihoodByCourses(DAY_AND_NIGHT, sequence);
        // Far from all states the definition underflows; the recursion in log space does not.
        if (Number.isFinite(expected)) expect(logLikelihoodOf(DAY_AND_NIGHT, [sequence])).toBeCloseTo(expected, 8);
      }),
      { numRuns: 60 },
    );
  });

  it('bears values that are hundreds of deviations from every state', () => {
    const sequence = { values: Float64Array.of(10, 1e6, 40), parts: new Uint8Array(3) };
    expect(Number.isFinite(logLikelihoodOf(DAY_AND_NIGHT, [sequence]))).toBe(true);
    expect(filteredStates(DAY_AND_NIGHT, sequence).every((share) => share >= 0 && share <= 1)).toBe(true);
  });

  it('recovers the parameters and the number of states that made the data, by day and by night', () => {
    const { sequences } = drawSequences(DAY_AND_NIGHT, 12, 864, 3);
    const { fit, scores } = fitHmm(sequences, OPTIONS);
    expect(scores.map(({ states }) => states)).toEqual([1, 2, 3, 4]);
    expect(fit.hmm.states).toBe(2);
    const order = (fit.hmm.means[0] as number) < (fit.hmm.means[1] as number) ? [0, 1] : [1, 0];
    expect(order.map((i) => fit.hmm.means[i] as number)).toEqual([expect.closeTo(10, 0), expect.closeTo(40, 0)]);
    const at = (part: number, i: number, j: number) => fit.hmm.transitions[(part * 2 + (order[i] as number)) * 2 + (order[j] as number)] as number;
    for (const [part, i, wanted] of [[0, 0, 0.98], [0, 1, 0.7], [1, 0, 0.8], [1, 1, 0.95]] as const) expect(Math.abs(at(part, i, i) - wanted)).toBeLessThan(0.05);
  });

  it('never gets less likely from iteration to iteration', () => {
    const { sequences } = drawSequences(DAY_AND_NIGHT, 3, 200, 5);
    const sorted = Float64Array.from(sequences.flatMap(({ values }) => [...values])).sort();
    let hmm = startParameters(sorted, 3, 2, 0.1, createRandomStream(2));
    let before = -Infinity;
    for (let i = 0; i < 8; i++) {
      const fit = baumWelch(hmm, sequences, { iterations: 1, tolerance: 0, smallestDeviation: 0.1, partPrior: 20 });
      expect(fit.logLikelihood).toBeGreaterThanOrEqual(before);
      [hmm, before] = [fit.hmm, fit.logLikelihood];
    }
  });

  it('finds the course of states that made the data', () => {
    const { sequences, paths } = drawSequences(DAY_AND_NIGHT, 1, 1000, 7);
    const { path } = viterbi(DAY_AND_NIGHT, sequences[0] as HmmSequence);
    const right = path.filter((state, t) => state === (paths[0] as Uint8Array)[t]).length;
    expect(right / path.length).toBeGreaterThan(0.99);
  });

  it('fits the same model from the same seed, and goes on from an earlier one', () => {
    const { sequences } = drawSequences(DAY_AND_NIGHT, 4, 300, 11);
    const first = fitHmm(sequences, OPTIONS).fit;
    expect(fitHmm(sequences, OPTIONS).fit).toEqual(first);
    const further = fitHmm(sequences, { ...OPTIONS, start: first.hmm }).fit;
    expect(further.iterations).toBeLessThanOrEqual(2);
    expect(further.logLikelihood).toBeGreaterThanOrEqual(first.logLikelihood);
  });

  it('refuses what is no model, by the name of the field, and sequences without a value', () => {
    expect(() => checkHmm({ ...DAY_AND_NIGHT, deviations: Float64Array.of(0, 1) })).toThrow('deviations: expected numbers above 0');
    expect(() => checkHmm({ ...DAY_AND_NIGHT, means: Float64Array.of(1) })).toThrow('parameters: expected 2 states');
    expect(() => fitHmm([{ values: Float64Array.of(NaN), parts: new Uint8Array(1) }], OPTIONS)).toThrow('no value');
  });
});
