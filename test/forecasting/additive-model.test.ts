import { additiveModel } from '../../src/forecasting/additive/additive-model';
import type { AdditiveFit } from '../../src/forecasting/additive/fit-additive';
import { continueAutoregression, fitAutoregression } from '../../src/forecasting/additive/fit-autoregression';
import { solveCholesky } from '../../src/forecasting/additive/solve-cholesky';
import { createRandomStream, nextNormal } from '../../src/domain/seeded-random';
import { STANDARD_LEVELS, type ModelState } from '../../src/forecasting/forecast-model';
import { DAY, expectedAt, generateSeries } from './generated-series';

const parts = { level: 50, slopePerDay: 1, daily: 10, noise: 0.5, memory: 0.6 };
const LENGTH = 14 * DAY;

function fitsOf(state: ModelState): AdditiveFit[] {
  return (state.body as { fits: AdditiveFit[] }).fits;
}

describe('the additive model', () => {
  it('continues a known trend and season', async () => {
    const fitted = await additiveModel.fit([generateSeries(parts, LENGTH)], { seed: 1 });
    const [prediction] = fitted.predict(DAY, STANDARD_LEVELS);
    const errors = (prediction?.mean ?? []).map((mean, h) => Math.abs(mean - expectedAt(parts, LENGTH + h)));
    expect(errors.reduce((sum, error) => sum + error, 0) / DAY).toBeLessThan(0.4); // 2 % of the season's swing
  });

  it('knows the season of the year once it was seen about twice, and weekdays of a daily grid', async () => {
    const at = (day: number) => 50 + 20 * Math.sin((2 * Math.PI * day) / 365.25) + (day % 7 === 0 ? -8 : 0);
    const random = createRandomStream(7);
    const worst = async (days: number) => {
      const values = Array.from({ length: days }, (_, day) => at(day) + 0.5 * nextNormal(random));
      const [prediction] = (await additiveModel.fit([{ id: 'daily', startAtMs: 0, stepMs: 86_400_000, values }], { seed: 1 })).predict(120, [0.5]);
      return Math.max(...(prediction?.mean ?? []).map((mean, h) => Math.abs(mean - at(days + h))));
    };
    expect(await worst(3 * 365)).toBeLessThan(3);
    expect(await worst(365)).toBeGreaterThan(6);
  });

  it('finds one bend of the trend and leaves other changes small', async () => {
    const bent = { ...parts, slopePerDay: 0, noise: 0.2, bend: { atStep: LENGTH * 0.43, slopePerDay: 3 } };
    const fitted = await additiveModel.fit([generateSeries(bent, LENGTH)], { seed: 1 });
    const [fit] = fitsOf(fitted.state);
    const changes = (fit?.coefficients ?? []).slice(2, 2 + (fit?.design.changepoints.length ?? 0)).map(Math.abs);
    const nearBend = changes.filter((_, j) => Math.abs((fit?.design.changepoints[j] ?? 0) - 0.43) < 0.07);
    const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
    expect(sum(nearBend) / sum(changes)).toBeGreaterThan(0.8);
  });

  it('does not let outliers and gaps move the fit', async () => {
    const clean = generateSeries(parts, LENGTH);
    const values = clean.values.map((value, i) => (i % 97 === 0 ? 500 : i % 41 < 3 ? null : value));
    const fitted = await additiveModel.fit([{ ...clean, values }], { seed: 1 });
    const [prediction] = fitted.predict(DAY, [0.25, 0.5, 0.75]);
    const errors = (prediction?.quantiles ?? []).map((row, h) => Math.abs((row[1] ?? NaN) - expectedAt(parts, LENGTH + h)));
    expect(errors.reduce((sum, error) => sum + error, 0) / DAY).toBeLessThan(1);
    expect(prediction?.notes[0]).toMatch(/steps had no value/);
  });

  it('fits each series of a batch as it fits it alone', async () => {
    const batch = [1, 2, 3].map((seed) => generateSeries({ ...parts, level: 20 * seed }, LENGTH, seed));
    const together = (await additiveModel.fit(batch, { seed: 1 })).predict(6, STANDARD_LEVELS);
    for (const [i, one] of batch.entries()) {
      const [alone] = (await additiveModel.fit([one], { seed: 1 })).predict(6, STANDARD_LEVELS);
      alone?.mean.forEach((mean, h) => expect(together[i]?.mean[h]).toBeCloseTo(mean, 3));
    }
  });

  it('is restored from its JSON to forecast the same, and refuses a state that was changed', async () => {
    const fitted = await additiveModel.fit([generateSeries(parts, 3 * DAY)], { seed: 1 });
    const state = JSON.parse(JSON.stringify(fitted.state)) as ModelState;
    const restored = await additiveModel.restore(state);
    expect(restored.predict(12, STANDARD_LEVELS)).toEqual(fitted.predict(12, STANDARD_LEVELS));
    await expect(additiveModel.restore({ ...state, seed: 2 })).rejects.toThrow('digest');
    await expect(additiveModel.restore({ ...state, version: '0' })).rejects.toThrow('expected additive 3');
  });

  it('has intervals that hold what they promise on data like its own', async () => {
    const batch = Array.from({ length: 40 }, (_, k) => generateSeries(parts, 7 * DAY + 6, k + 1));
    const histories = batch.map((one) => ({ ...one, values: one.values.slice(0, 7 * DAY) }));
    const predictions = (await additiveModel.fit(histories, { seed: 1 })).predict(6, [0.05, 0.95]);
    let inside = 0;
    predictions.forEach(({ quantiles }, k) =>
      quantiles.forEach(([low, high], h) => {
        const truth = batch[k]?.values[7 * DAY + h] ?? NaN;
        if (truth >= (low ?? NaN) && truth <= (high ?? NaN)) inside++;
      }),
    );
    expect(inside / 240).toBeGreaterThan(0.84);
    expect(inside / 240).toBeLessThan(0.98);
  });
});

describe('the autoregression', () => {
  it('recovers the coefficients of a known process', () => {
    const random = createRandomStream(5);
    const values = new Float64Array(6000);
    for (let i = 2; i < values.length; i++) values[i] = 0.5 * (values[i - 1] as number) + 0.3 * (values[i - 2] as number) + nextNormal(random);
    const [first, second, ...rest] = fitAutoregression(values);
    expect(first).toBeCloseTo(0.5, 1);
    expect(second).toBeCloseTo(0.3, 1);
    expect(rest.length).toBeLessThan(3);
    expect(continueAutoregression([0.5], Float64Array.of(0, 8), 2, 3)).toEqual(Float64Array.of(4, 2, 1));
  });

  it('is empty for residuals without variance', () => {
    expect(fitAutoregression(new Float64Array(500))).toEqual([]);
  });
});

it('the Cholesky solution solves its equations', () => {
  const x = solveCholesky(Float64Array.of(4, 0, 2, 3), Float64Array.of(0, 1), Float64Array.of(8, 10));
  expect(x[0]).toBeCloseTo(1);
  expect(x[1]).toBeCloseTo(2);
  expect(() => solveCholesky(Float64Array.of(-1), Float64Array.of(0), Float64Array.of(1))).toThrow('not positive definite');
});
