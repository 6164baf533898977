import fc from 'fast-check';
import { scoreForecast, type ScorableForecast } from '../../../src/forecasting/accuracy/score-forecast';
import { STANDARD_LEVELS } from '../../../src/forecasting/forecast-model';
import type { LoadSeries } from '../../../src/forecasting/load-series';

const STEP = 300_000;
const HISTORY = 600;
const series = (after: readonly (number | null)[], before: readonly (number | null)[] = Array.from({ length: HISTORY }, (_, i) => 10 + (i % 2))): LoadSeries => ({ id: 's', startAtMs: 0, stepMs: STEP, values: [...before, ...after] });
/** A forecast of uniform load between two values, at each of so many steps. */
const uniform = (low: number, high: number, steps: number): ScorableForecast => {
  const row = STANDARD_LEVELS.map((level) => low + level * (high - low));
  return { issuedAtMs: (HISTORY - 1) * STEP, stepMs: STEP, levels: STANDARD_LEVELS, quantiles: new Array<number[]>(steps).fill(row), mean: new Array<number>(steps).fill((low + high) / 2), peakQuantiles: row };
};

describe('scoring a forecast against what came', () => {
  it('tells loss, error, bias, coverage and the peak', () => {
    const score = scoreForecast(uniform(0, 10, 4), series([5, 9.2, 0.2, 9.8]), 4);
    expect(score).toMatchObject({ steps: 4, covered80: 0.25, covered90: 0.5, peakHeld: false });
    expect(score?.absoluteError).toBeCloseTo((0 + 4.2 + 4.8 + 4.8) / 4, 10);
    expect(score?.bias).toBeCloseTo(5 - (5 + 9.2 + 0.2 + 9.8) / 4, 10);
  });

  it('has no loss for a forecast that was exact, and the smallest ratio that is told', () => {
    const score = scoreForecast(uniform(7, 7, 3), series([7, 7, 7]), 3);
    expect(score).toMatchObject({ loss: 0, absoluteError: 0, bias: 0, covered80: 1, covered90: 1, peakHeld: true });
    expect(score?.logRatio).toBeCloseTo(Math.log(0.01), 10);
  });

  it('has no ratio where the reference is exact as well', () => {
    expect(scoreForecast(uniform(7, 7, 2), series([7, 7], new Array<number>(HISTORY).fill(7)), 2)).toMatchObject({ loss: 0, referenceLoss: 0, logRatio: null });
  });

  it('scores the first steps alone where asked to, and then nothing of the peak', () => {
    expect(scoreForecast(uniform(0, 10, 6), series([5, 5, 99, 99, 99, 99]), 2)).toMatchObject({ steps: 2, covered90: 1, peakHeld: null });
  });

  it('leaves out steps that nobody saw, and says nothing where they are more than half, or where there was no history', () => {
    expect(scoreForecast(uniform(0, 10, 4), series([5, null, 5, null]), 4)).toMatchObject({ steps: 2, covered80: 1 });
    expect(scoreForecast(uniform(0, 10, 4), series([5, null, null, null]), 4)).toBeNull();
    expect(scoreForecast(uniform(0, 10, 2), series([5, 5], new Array<null>(HISTORY).fill(null)), 2)).toBeNull();
    expect(scoreForecast(uniform(0, 10, 2), series([]), 2)).toBeNull();
  });

  it('is never NaN, whatever came', () => {
    const value = fc.oneof(fc.constant(null), fc.double({ min: -1e12, max: 1e12, noNaN: true }));
    fc.assert(
      fc.property(fc.array(value, { minLength: 6, maxLength: 6 }), fc.array(value, { minLength: 3, maxLength: 40 }), (after, before) => {
        const history = [...new Array<null>(HISTORY - before.length).fill(null), ...before];
        const score = scoreForecast(uniform(-1, 1, 6), series(after, history), 6);
        if (score !== null) for (const part of Object.values(score)) expect(part).not.toBeNaN();
      }),
      { numRuns: 200 },
    );
  });
});
