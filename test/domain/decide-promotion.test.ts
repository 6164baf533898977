import fc from 'fast-check';
import { decidePromotion, DEFAULT_PROMOTION, type ChallengerEvidence } from '../../src/domain/decide-promotion';
import { DEFAULT_SETTINGS, type ModelChoice } from '../../src/domain/model-choice';

const GATE: ModelChoice = { model: 'gate', settings: DEFAULT_SETTINGS };
const challenger = (meanLogRatio: number, more: Partial<ChallengerEvidence> = {}): ChallengerEvidence => ({
  choice: { model: 'blended', settings: { ...DEFAULT_SETTINGS, sharpness: 5 } },
  series: 30,
  meanLogRatio,
  lowLogRatio: meanLogRatio - 0.02,
  highLogRatio: meanLogRatio + 0.02,
  covered90: 0.9,
  ...more,
});

describe('deciding about a promotion', () => {
  it('promotes the best challenger that is proven to be better, and says by how much', () => {
    const verdict = decidePromotion(GATE, [challenger(-0.05), challenger(-0.1, { choice: { model: 'additive', settings: DEFAULT_SETTINGS } })]);
    expect(verdict).toMatchObject({ kind: 'promote', choice: { model: 'additive' }, reason: 'additive replaces gate: loss -9.5 % (-11.3 to -7.7) on 30 series' });
  });

  it.each([
    ['too few series', challenger(-0.5, { series: 7 }), 'blended (sharpness 5) was compared on 7 series; 8 are needed'],
    ['an interval that holds no difference', challenger(-0.015), 'is not proven to be better: loss -1.5 % (-3.4 to +0.5)'],
    ['a proven gain below the margin', challenger(-0.009, { lowLogRatio: -0.0095, highLogRatio: -0.0085 }), 'gains too little (more than 1 % are needed)'],
    ['intervals that hold too seldom', challenger(-0.2, { covered90: 0.7 }), 'holds too seldom: its 90 % intervals cover 70.0 %'],
  ])('keeps the champion at %s', (_, evidence, sentence) => {
    const verdict = decidePromotion(GATE, [evidence]);
    expect(verdict.kind).toBe('keep');
    expect(verdict.reason).toContain(sentence);
  });

  it('keeps the champion without a challenger', () => {
    expect(decidePromotion(GATE, [])).toEqual({ kind: 'keep', reason: 'gate stays: there is no challenger' });
  });

  it('never promotes without a proven gain beyond the margin, whatever the evidence, and always has a reason', () => {
    const number = fc.double({ min: -3, max: 3 });
    const arbitrary = fc.record({ choice: fc.constant(GATE), series: fc.nat(50), meanLogRatio: number, lowLogRatio: number, highLogRatio: number, covered90: fc.double({ min: 0, max: 1 }) });
    fc.assert(
      fc.property(fc.array(arbitrary, { maxLength: 5 }), (challengers) => {
        const verdict = decidePromotion(GATE, challengers);
        const proven = challengers.filter(({ series, meanLogRatio, highLogRatio, covered90 }) => series >= 8 && highLogRatio < 0 && 1 - Math.exp(meanLogRatio) > DEFAULT_PROMOTION.minGainPercent / 100 && covered90 >= 0.8);
        expect(verdict.kind).toBe(proven.length > 0 ? 'promote' : 'keep');
        expect(verdict.reason.length).toBeGreaterThan(10);
      }),
    );
  });

  it('decides the same in whatever order the challengers come', () => {
    const gains = fc.uniqueArray(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(gains, (values) => {
        const all = values.map((value, i) => challenger(value, { choice: { model: `m${i}`, settings: DEFAULT_SETTINGS } }));
        expect(decidePromotion(GATE, all.toReversed())).toEqual(decidePromotion(GATE, all));
      }),
    );
  });
});
