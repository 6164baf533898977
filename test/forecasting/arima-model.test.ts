import fc from 'fast-check';
import { createRandomStream, nextNormal } from '../../src/domain/seeded-random';
import { arimaModel } from '../../src/forecasting/arima/arima-model';
import { fitArima } from '../../src/forecasting/arima/fit-arima';
import { coefficientsOf, partialOf } from '../../src/forecasting/arima/partial-autocorrelations';
import { differencesNeeded, selectArima } from '../../src/forecasting/arima/select-order';
import { STANDARD_LEVELS, type ModelState } from '../../src/forecasting/forecast-model';
import type { LoadSeries } from '../../src/forecasting/load-series';
import { minimize } from '../../src/forecasting/minimize';
import { STEP_MS } from './generated-series';

function generate({ ar = [], ma = [], integrate = false, level = 50 }: { ar?: number[]; ma?: number[]; integrate?: boolean; level?: number }, length: number, seed = 1): Float64Array {
  const random = createRandomStream(seed);
  const e = Float64Array.from({ length: length + 100 }, () => nextNormal(random));
  const w = new Float64Array(e.length);
  w.forEach((_, t) => {
    w[t] = (e[t] as number) + ar.reduce((sum, a, i) => sum + a * (w[t - 1 - i] ?? 0), 0) + ma.reduce((sum, m, i) => sum + m * (e[t - 1 - i] ?? 0), 0);
  });
  let sum = 0;
  return w.subarray(100).map((value) => level + (integrate ? (sum += value) : value));
}

const seriesOf = (values: Iterable<number | null>, more: Partial<LoadSeries> = {}): LoadSeries => ({ id: 's', startAtMs: 0, stepMs: STEP_MS, values: [...values], ...more });

async function predict(series: LoadSeries, horizon: number, levels = STANDARD_LEVELS) {
  const [prediction] = (await arimaModel.fit([series], { seed: 1 })).predict(horizon, levels);
  if (prediction === undefined) throw new Error('no prediction');
  return prediction;
}

describe('fitting ARIMA', () => {
  it('recovers the parameters of long generated data', () => {
    const fit = fitArima(generate({ ar: [0.6, -0.3], ma: [0.4] }, 6000), { ar: 2, differences: 0, ma: 1, constant: true });
    const found = [...fit.ar, ...fit.ma, fit.constant, fit.variance];
    [0.6, -0.3, 0.4, 50, 1].forEach((value, i) => expect(Math.abs((found[i] as number) - value)).toBeLessThan(0.06));
  });

  it('finds the same coefficients in any unit', () => {
    const values = generate({ ar: [0.7] }, 400);
    const order = { ar: 1, differences: 0, ma: 0, constant: true };
    const [small, large] = [1e-9, 1e12].map((unit) => fitArima(values.map((value) => value * unit), order));
    expect(small?.ar[0]).toBeCloseTo(large?.ar[0] as number, 5);
  });

  it('differences what wanders and leaves what returns to its level', () => {
    expect(differencesNeeded(generate({ ar: [0.5] }, 500))).toBe(0);
    expect(differencesNeeded(generate({ integrate: true }, 500))).toBe(1);
    expect(selectArima(generate({}, 500, 4)).order).toEqual({ ar: 0, differences: 0, ma: 0, constant: true });
    const values = generate({ ar: [0.8] }, 500);
    expect(selectArima(values).aicc).toBeLessThan(fitArima(values, { ar: 1, differences: 0, ma: 0, constant: true }).aicc + 0.5);
  });

  it('turns partial autocorrelations into stationary coefficients and back', () => {
    const partial = [0.9, -0.5, 0.3];
    expect(Array.from(partialOf(coefficientsOf(partial)) ?? [])).toEqual(partial.map((value) => expect.closeTo(value, 10) as number));
    expect(partialOf([0.5, 1.2])).toBeNull();
  });

  it('minimises a curved valley', () => {
    const { at } = minimize(([x = 0, y = 0]) => (1 - x) ** 2 + 10 * (y - x * x) ** 2, Float64Array.of(-1, 1), 1e-12);
    expect(at[0]).toBeCloseTo(1, 3);
    expect(at[1]).toBeCloseTo(1, 3);
  });
});

describe('the ARIMA model', () => {
  it('returns from a high value to the level, with intervals that widen to a limit', async () => {
    const { quantiles, mean } = await predict(seriesOf([...generate({ ar: [0.8] }, 500), 58]), 40);
    expect(mean[0]).toBeGreaterThan(54);
    expect(Math.abs((mean[39] as number) - 50)).toBeLessThan(1);
    const width = (h: number) => (quantiles[h]?.[18] as number) - (quantiles[h]?.[0] as number);
    expect(width(10)).toBeGreaterThan(1.2 * width(0));
    expect(width(39)).toBeLessThan(1.3 * width(20));
  });

  it('holds what its intervals promise, and its peak is above any single step', async () => {
    let inside = 0;
    const series = Array.from({ length: 10 }, (_, k) => generate({ ar: [0.7] }, 170, k + 1));
    const fitted = await arimaModel.fit(series.map((values) => seriesOf(values.subarray(0, 150))), { seed: 1 });
    fitted.predict(20, [0.05, 0.5, 0.95]).forEach(({ quantiles, peakQuantiles }, k) => {
      expect(peakQuantiles[1]).toBeGreaterThan(Math.max(...quantiles.map((row) => row[1] as number)));
      quantiles.forEach(([low, , high], h) => {
        const truth = series[k]?.[150 + h] as number;
        if (truth >= (low as number) && truth <= (high as number)) inside++;
      });
    });
    expect(inside / 200).toBeGreaterThan(0.84);
    expect(inside / 200).toBeLessThan(0.96);
  });

  it('forecasts further ahead where the latest values are missing', async () => {
    const values = [...generate({ integrate: true }, 300)];
    const [now, later] = [await predict(seriesOf(values), 12), await predict(seriesOf([...values, null, null, null]), 9)];
    later.mean.forEach((value, h) => expect(value).toBeCloseTo(now.mean[h + 3] as number, 6));
    expect(later.notes.join()).toContain('the latest step has no value');
  });

  it('falls back with a note for a point, a few, and load that does not move', async () => {
    const constant = await predict(seriesOf(new Array<number>(300).fill(7.3)), 6);
    expect(new Set([...constant.quantiles.flat(), ...constant.mean, ...constant.peakQuantiles])).toEqual(new Set([7.3]));
    for (const values of [[40], [40, 41, 39], [null, 5, null, 6]]) expect((await predict(seriesOf(values), 3)).notes.join()).toContain('ARIMA');
  });

  it('goes on from later values with what it learned, restored from JSON as well', async () => {
    const values = [...generate({ ar: [0.8] }, 400)];
    const early = await arimaModel.fit([seriesOf(values.slice(0, 390))], { seed: 1 });
    const late = await early.update([values.slice(390)]);
    const restored = await arimaModel.restore(JSON.parse(JSON.stringify(late.state)) as ModelState);
    expect(restored.predict(6, STANDARD_LEVELS)).toEqual(late.predict(6, STANDARD_LEVELS));
    expect(late.state.trainedToMs).toBe(399 * STEP_MS);
    const [fresh] = (await arimaModel.fit([seriesOf(values)], { seed: 1 })).predict(6, [0.5]);
    late.predict(6, [0.5])[0]?.mean.forEach((mean, h) => expect(Math.abs(mean - (fresh?.mean[h] as number))).toBeLessThan(0.2));
    await expect(early.update([])).rejects.toThrow('more: expected 1 rows');
  });

  it('keeps bounds, never crosses quantiles and never answers NaN, whatever the values', async () => {
    const value = fc.oneof(fc.double({ min: -1e18, max: 1e18, noNaN: true }), fc.integer({ min: 0, max: 3 }), fc.constant(null));
    const values = fc.array(value, { minLength: 1, maxLength: 80 }).filter((list) => list.some((item) => item !== null));
    await fc.assert(
      fc.asyncProperty(values, fc.integer({ min: 1, max: 30 }), fc.boolean(), async (list, horizon, bounded) => {
        const { quantiles, peakQuantiles, mean } = await predict(seriesOf(list, { bounds: bounded ? { lower: 0, upper: 100 } : {} }), horizon);
        const rows = [...quantiles, peakQuantiles];
        for (const row of [...rows, mean]) for (const number of row) expect(Number.isFinite(number) && (!bounded || (number >= 0 && number <= 100))).toBe(true);
        for (const row of rows) expect(row).toEqual([...row].sort((a, b) => a - b));
      }),
      { numRuns: 25 },
    );
  });
});
