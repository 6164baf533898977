import fc from 'fast-check';
import { createRandomStream, nextNormal } from '../../src/domain/seeded-random';
import { STANDARD_LEVELS, type FittedModel, type ModelState } from '../../src/forecasting/forecast-model';
import type { LoadSeries } from '../../src/forecasting/load-series';
import { createLstmModel } from '../../src/forecasting/lstm/lstm-model';
import { DAY, STEP_MS } from './generated-series';

/** A small budget: enough to learn the wave below. */
const model = createLstmModel({ batches: 30 });
const PERIOD = 48;
const LENGTH = 2 * DAY;

/** A noisy wave of four hours, which no rule about days knows. */
function wave(seed: number, length: number): LoadSeries {
  const random = createRandomStream(seed);
  const level = 30 + 10 * seed;
  return { id: `wave-${seed}`, startAtMs: 0, stepMs: STEP_MS, values: Array.from({ length }, (_, t) => level + 10 * Math.sin((2 * Math.PI * (t + 7 * seed)) / PERIOD) + nextNormal(random)) };
}

describe('the LSTM model', () => {
  const whole = [1, 2, 3, 4, 5, 6].map((seed) => wave(seed, LENGTH + 60));
  const histories = whole.map((one) => ({ ...one, values: one.values.slice(0, LENGTH), bounds: { lower: 0, upper: 100 } }));
  let fitted: FittedModel;
  beforeAll(async () => {
    fitted = await model.fit(histories, { seed: 1 });
  });

  it('learns across series what the next two hours look like, with intervals that hold', () => {
    let error = 0;
    let naive = 0;
    let inside = 0;
    fitted.predict(24, STANDARD_LEVELS).forEach(({ quantiles }, s) => {
      const values = whole[s]?.values as number[];
      quantiles.forEach((row, h) => {
        const truth = values[LENGTH + h] as number;
        error += Math.abs((row[9] as number) - truth);
        naive += Math.abs((values[LENGTH - 1] as number) - truth);
        if (truth >= (row[0] as number) && truth <= (row[18] as number)) inside++;
      });
    });
    expect(error / naive).toBeLessThan(0.6);
    expect(inside / (6 * 24)).toBeGreaterThan(0.75);
  });

  it('goes on from its own paths beyond the 24 steps of its head, within the bounds', () => {
    const [prediction] = fitted.predict(60, STANDARD_LEVELS);
    expect(prediction?.quantiles).toHaveLength(60);
    const errors = (prediction?.quantiles ?? []).map((row, h) => Math.abs((row[9] as number) - (whole[0]?.values[LENGTH + h] as number)));
    expect(errors.reduce((sum, error) => sum + error, 0) / 60).toBeLessThan(5);
    for (const row of [...(prediction?.quantiles ?? []), prediction?.peakQuantiles ?? []]) {
      row.forEach((value, l) => expect(value).toBeGreaterThanOrEqual(Math.max(0, row[l - 1] ?? 0)));
      expect(Math.max(...row)).toBeLessThanOrEqual(100);
    }
    expect(prediction?.peakQuantiles[9]).toBeGreaterThanOrEqual(Math.max(...(prediction?.quantiles ?? []).map((row) => row[9] as number)));
  });

  it('keeps what it learned over an update and over JSON', async () => {
    const updated = await fitted.update(whole.map((one) => one.values.slice(LENGTH, LENGTH + 12)));
    expect(updated.predict(1, [0.5])[0]?.issuedAtMs).toBe((LENGTH + 11) * STEP_MS);
    expect((updated.state.body as { trained: unknown }).trained).toEqual((fitted.state.body as { trained: unknown }).trained);
    const restored = await model.restore(JSON.parse(JSON.stringify(updated.state)) as ModelState);
    expect(restored.predict(6, STANDARD_LEVELS)).toEqual(updated.predict(6, STANDARD_LEVELS));
  });

  it('is the same on every run of a seed', async () => {
    const small = createLstmModel({ batches: 1 });
    const two = histories.slice(0, 2);
    const [first, second, other] = [await small.fit(two, { seed: 1 }), await small.fit(two, { seed: 1 }), await small.fit(two, { seed: 2 })];
    expect(first.state.digest).toBe(second.state.digest);
    expect(first.state.digest).not.toBe(other.state.digest);
  });

  it('falls back with a note where a history is short or does not move, and alone where all are', async () => {
    const small = createLstmModel({ batches: 1 });
    const short = { ...wave(9, 40), id: 'short' };
    const constant = { ...wave(9, 1), id: 'constant', values: new Array<number>(300).fill(7.3) };
    const [first, , third] = (await small.fit([short, ...histories.slice(0, 1), constant], { seed: 1 })).predict(6, STANDARD_LEVELS);
    expect(first?.notes.join()).toContain('too short a history for the network');
    expect(new Set(third?.quantiles.flat())).toEqual(new Set([7.3]));
    const [alone] = (await small.fit([{ ...short, values: [5] }], { seed: 1 })).predict(30, STANDARD_LEVELS);
    expect(alone?.quantiles.flat().every(Number.isFinite)).toBe(true);
    await expect((async () => small.fit([{ ...short, values: [NaN] }], { seed: 1 }))()).rejects.toThrow('series[0].values[0]');
  });

  it('keeps bounds, never crosses quantiles and never answers NaN, whatever the values', async () => {
    const value = fc.oneof(fc.double({ min: -1e18, max: 1e18, noNaN: true }), fc.integer({ min: 0, max: 3 }), fc.constant(null));
    const values = fc.array(value, { minLength: 100, maxLength: 160 }).filter((list) => list.some((item) => item !== null));
    await fc.assert(
      fc.asyncProperty(values, fc.constantFrom(3, 60), fc.boolean(), async (list, horizon, bounded) => {
        const strange: LoadSeries = { id: 'strange', startAtMs: 0, stepMs: STEP_MS, values: list, bounds: bounded ? { lower: 0, upper: 100 } : {} };
        const [prediction] = (await createLstmModel({ batches: 1 }).fit([strange, ...histories.slice(0, 1)], { seed: 1 })).predict(horizon, STANDARD_LEVELS);
        const rows = [...(prediction?.quantiles ?? []), prediction?.peakQuantiles ?? []];
        for (const row of [...rows, prediction?.mean ?? []]) for (const number of row) expect(Number.isFinite(number) && (!bounded || (number >= 0 && number <= 100))).toBe(true);
        for (const row of rows) expect(row).toEqual([...row].sort((a, b) => a - b));
      }),
      { numRuns: 8 },
    );
  });
});
