import fc from 'fast-check';
import { boundedRate, evidencePerRequest, logEvidence, withOdds, type RateBound } from '../../../src/domain/judge/rate-evidence';
import { logRankEvidence, tilted } from '../../../src/domain/judge/rank-evidence';

const rate = fc.double({ min: 0.001, max: 0.999, noNaN: true });
const few = fc.integer({ min: 0, max: 6 });

/** Probability of each count of `of` at a rate. */
function binomial(of: number, p: number): number[] {
  const row = Array.from({ length: of + 1 }, () => 0);
  row[0] = 1;
  for (let i = 0; i < of; i += 1) for (let k = i + 1; k >= 0; k -= 1) row[k] = (row[k] ?? 0) * (1 - p) + (k > 0 ? (row[k - 1] ?? 0) * p : 0);
  return row;
}

/** Exact expectation of the evidence of one interval: all outcomes, by their probabilities. */
function expectation(bound: RateBound, sizes: { source: number; shadow: number }, truth: { source: number; shadow: number }, supposed: { source: number; shadow: number }): number {
  const [a, b] = [binomial(sizes.source, truth.source), binomial(sizes.shadow, truth.shadow)];
  return a.reduce((sum, pa, i) => sum + b.reduce((inner, pb, j) => inner + pa * pb * Math.exp(logEvidence(bound, { source: { count: i, of: sizes.source }, shadow: { count: j, of: sizes.shadow } }, supposed)), 0), 0);
}

describe('evidence against a rate of the shadow', () => {
  it('is expected to be at most 1 wherever the shadow is no worse than allowed, whatever was supposed', () => {
    fc.assert(
      fc.property(rate, rate, rate, fc.double({ min: 1.05, max: 50, noNaN: true }), fc.constantFrom(0, 1, 1.1, 2), fc.double({ min: 0.001, max: 0.2, noNaN: true }), few, few, (source, part, supposedSource, odds, ratio, margin, n, m) => {
        const bound = { ratio, margin };
        const truth = { source, shadow: part * boundedRate(bound, source) };
        const supposed = { source: supposedSource, shadow: withOdds(boundedRate(bound, supposedSource), odds) };
        expect(expectation(bound, { source: n, shadow: m }, truth, supposed)).toBeLessThanOrEqual(1 + 1e-6);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is expected to be at most 1 on the other side as well, where something intolerable is to be ruled out', () => {
    fc.assert(
      fc.property(rate, rate, rate, few, few, (source, part, supposed, n, m) => {
        const bound = { ratio: 2, margin: 0.02 };
        const least = boundedRate(bound, source);
        const truth = { source, shadow: least + part * (1 - least) };
        // Beyond, there is no other side: no rate of the shadow is intolerable.
        fc.pre(least < 0.99 && boundedRate(bound, supposed) < 0.99);
        expect(expectation(bound, { source: n, shadow: m }, truth, { source: supposed, shadow: supposed })).toBeLessThanOrEqual(1 + 1e-6);
      }),
      { numRuns: 2_000 },
    );
  });

  it('grows where what is supposed is true, faster with more of the source to compare with', () => {
    const bound = { ratio: 1.1, margin: 0.001 };
    const rates = { source: 0.01, shadow: 0.03 };
    const alone = evidencePerRequest(bound, 0.1, rates);
    expect(alone).toBeGreaterThan(0);
    expect(evidencePerRequest(bound, 10, rates)).toBeGreaterThan(alone);
  });

  it('is none where nobody was asked', () => {
    const nothing = { count: 0, of: 0 };
    expect(logEvidence({ ratio: 1.1, margin: 0.001 }, { source: nothing, shadow: nothing }, { source: 0.01, shadow: 0.05 })).toBe(0);
    expect(Math.abs(logEvidence({ ratio: 1.1, margin: 0.001 }, { source: nothing, shadow: { count: 5, of: 10 } }, { source: 0.01, shadow: 0.05 }))).toBeLessThan(1e-6);
  });
});

describe('evidence against the order of answers', () => {
  const scores = [-1, 0, 1];

  it('is expected to be at most 1 wherever the shadow is not slower', () => {
    const weights = fc.tuple(rate, rate, rate).map((all) => all.map((one) => one / all.reduce((sum, other) => sum + other, 0)));
    fc.assert(
      fc.property(weights, rate, rate, weights, fc.double({ min: 0.05, max: 3, noNaN: true }), (source, first, second, supposed, shift) => {
        // Moves part of every class one class up: stochastically faster.
        const [a = 0, b = 0, c = 0] = source;
        const shadow = [a + first * b, b - first * b + second * c, c - second * c];
        const alternatives = { source: supposed, shadow: tilted(supposed, scores, shift) };
        let sum = 0;
        for (let i = 0; i < 3; i += 1) {
          for (let j = 0; j < 3; j += 1) {
            const one = (at: number): number[] => [0, 1, 2].map((k) => (k === at ? 1 : 0));
            sum += (source[i] ?? 0) * (shadow[j] ?? 0) * Math.exp(logRankEvidence({ source: one(i), shadow: one(j) }, alternatives));
          }
        }
        expect(sum).toBeLessThanOrEqual(1 + 1e-9);
      }),
      { numRuns: 2_000 },
    );
  });
});
