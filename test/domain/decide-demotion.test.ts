import fc from 'fast-check';
import { decideDemotion } from '../../src/domain/decide-demotion';
import type { AccuracyWindow } from '../../src/domain/forecast-accuracy';
import { DEFAULT_SETTINGS } from '../../src/domain/model-choice';

const CHAMPION = { model: 'blended', settings: DEFAULT_SETTINGS };
const window = (meanLogRatio: number | null, more: Partial<AccuracyWindow> = {}): AccuracyWindow => ({ subjects: 20, forecasts: 400, meanLogRatio, standardError: 0.02, covered90: 0.9, ...more });

describe('deciding about a demotion', () => {
  it.each([
    ['worse than it was, clearly', window(-0.2), window(-0.5), true, 'its relative loss went from 0.607 to 0.819'],
    ['worse than the naive forecast', window(0.1), window(0.1), true, 'it is worse than the naive forecast, by 10.5 % on 20 series'],
    ['intervals that do not hold', window(-0.5, { covered90: 0.6 }), window(-0.5), true, 'its 90 % intervals covered 60.0 %'],
    ['worse by chance', window(-0.4, { standardError: 0.1 }), window(-0.5, { standardError: 0.1 }), false, 'went from 0.607 to 0.670'],
    ['worse, but hardly', window(-0.45, { standardError: 0.001 }), window(-0.5, { standardError: 0.001 }), false, 'went from 0.607 to 0.638'],
    ['as good as ever', window(-0.5), window(-0.5), false, 'went from 0.607 to 0.607'],
    ['too few recent forecasts', window(1, { subjects: 3 }), window(-0.5), false, 'were scored on 3 series; 8 are needed'],
    ['no earlier forecasts', window(-0.1), window(null, { subjects: 0, standardError: null }), false, 'not enough earlier forecasts'],
  ])('%s', (_, recent, earlier, demote, sentence) => {
    const verdict = decideDemotion(CHAMPION, recent, earlier);
    expect(verdict.demote).toBe(demote);
    expect(verdict.reason).toContain(sentence);
  });

  it('never demotes a champion that got better, is better than the naive forecast and whose intervals hold', () => {
    const error = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.double({ min: -3, max: 0, noNaN: true }), fc.double({ min: 0, max: 3, noNaN: true }), error, error, fc.nat(100), (recent, gain, a, b, subjects) => {
        const verdict = decideDemotion(CHAMPION, window(recent, { standardError: a, subjects }), window(recent + gain, { standardError: b }));
        expect(verdict.demote).toBe(false);
        expect(verdict.reason).toContain('blended stays: ');
      }),
    );
  });
});
