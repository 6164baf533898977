import fc from 'fast-check';
import { blendedModel } from '../../src/forecasting/blended/blended-model';
import { STANDARD_LEVELS } from '../../src/forecasting/forecast-model';
import type { LoadSeries } from '../../src/forecasting/load-series';
import { DAY, STEP_MS, generateSeries } from './generated-series';

async function predictOf(series: LoadSeries, horizon: number) {
  const [prediction] = (await blendedModel.fit([series], { seed: 1 })).predict(horizon, STANDARD_LEVELS);
  if (prediction === undefined) throw new Error('no prediction');
  return prediction;
}

const seriesOf = (values: (number | null)[]): LoadSeries => ({ id: 's', startAtMs: 0, stepMs: STEP_MS, values });

describe('the blended model', () => {
  it('tells constant and idle load exactly', async () => {
    for (const level of [0, 0.1, 42]) {
      const prediction = await predictOf(seriesOf(new Array<number>(700).fill(level)), 6);
      expect(new Set(prediction.quantiles.flat())).toEqual(new Set([level]));
      expect(prediction.peakQuantiles.every((value) => value === level)).toBe(true);
    }
  });

  it('forecasts from one point, with a spread and a note', async () => {
    const prediction = await predictOf(seriesOf([40]), 3);
    expect(prediction.quantiles[0]?.[9]).toBeCloseTo(40, 1);
    expect(prediction.quantiles[0]?.[18]).toBeGreaterThan(40);
    expect(prediction.notes.join()).toContain('too short a history');
  });

  it('reads a peak that is above any single step', async () => {
    const prediction = await predictOf(generateSeries({ level: 50, slopePerDay: 0, daily: 0, noise: 2, memory: 0 }, 4 * DAY), 12);
    expect(prediction.peakQuantiles[9]).toBeGreaterThan(Math.max(...prediction.quantiles.map((row) => row[9] ?? 0)));
  });

  it('is the same on every run', async () => {
    const series = generateSeries({ level: 50, slopePerDay: 0, daily: 5, noise: 2, memory: 0.5 }, 60);
    expect(await predictOf(series, 24)).toEqual(await predictOf(series, 24));
  });

  it('keeps bounds, never crosses quantiles and never answers NaN, whatever the values', async () => {
    const value = fc.oneof(fc.double({ min: -1e18, max: 1e18, noNaN: true }), fc.integer({ min: 0, max: 3 }), fc.constant(null));
    const values = fc.array(value, { minLength: 1, maxLength: 120 }).filter((list) => list.some((item) => item !== null));
    await fc.assert(
      fc.asyncProperty(values, fc.integer({ min: 1, max: 30 }), fc.boolean(), fc.constantFrom(STEP_MS, 3_600_000, 86_400_000), async (list, horizon, bounded, stepMs) => {
        const bounds = bounded ? { lower: 0, upper: 100 } : {};
        const prediction = await predictOf({ ...seriesOf(list), stepMs, bounds }, horizon);
        const rows = [...prediction.quantiles, prediction.peakQuantiles];
        expect(prediction.quantiles).toHaveLength(horizon);
        for (const row of [...rows, prediction.mean]) for (const number of row) expect(Number.isFinite(number)).toBe(true);
        for (const row of rows) expect(row).toEqual([...row].sort((a, b) => a - b));
        if (bounded) expect([...rows.flat(), ...prediction.mean].every((number) => number >= 0 && number <= 100)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['text', ['7'], 'series[0].values[0]: expected a number or null, got "7"'],
    ['NaN', [1, NaN], 'series[0].values[1]: expected a finite number, got NaN'],
    ['Infinity', [Infinity], 'series[0].values[0]: expected a finite number'],
    ['1e308', [1, 2, 1e308], 'series[0].values[2]: 1e+308 is beyond'],
    ['nothing', [null], 'series[0].values: there is no value to forecast from'],
  ])('refuses %s, naming the field', async (_name, values, message) => {
    await expect(blendedModel.fit([seriesOf(values as number[])], { seed: 1 })).rejects.toThrow(message);
  });

  it('refuses a horizon and levels out of range', async () => {
    const fitted = await blendedModel.fit([seriesOf([1])], { seed: 1 });
    expect(() => fitted.predict(0, STANDARD_LEVELS)).toThrow('horizonSteps');
    expect(() => fitted.predict(1, [0.9, 0.1])).toThrow('levels');
  });
});
