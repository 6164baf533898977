import { createRandomStream, nextNormal } from '../../../src/domain/seeded-random';
import { fitAdditive, regressionValues } from '../../../src/forecasting/additive/fit-additive';
import { rowWeights } from '../../../src/forecasting/additive/row-weights';
import { fillGaps } from '../../../src/forecasting/fill-gaps';
import { loadTensorBackend } from '../../../src/forecasting/tensor-backend';

const DAY = 288;
const LENGTH = 14 * DAY;
const STEP_MS = 300_000;
const usual = (t: number) => 45 + 10 * Math.sin((2 * Math.PI * t) / DAY);

/** Two weeks of daily rhythm and noise, with 40 more for half of the day before the last. */
function load(seed: number, accident: boolean): number[] {
  const random = createRandomStream(seed);
  const start = LENGTH - 2 * DAY;
  return Array.from({ length: LENGTH }, (_, t) => usual(t) + nextNormal(random) + (accident && t >= start && t < start + DAY / 2 ? 40 : 0));
}

describe('the weights of a history in a fit', () => {
  const series = (values: readonly (number | null)[]) => ({ id: 'a', startAtMs: 0, stepMs: STEP_MS, values });

  it('are small in an accident, full where a known event explains it, and zero in a gap', () => {
    const values: (number | null)[] = load(1, true);
    values[100] = null;
    const accident = LENGTH - 2 * DAY + 20;
    const weights = rowWeights(series(values), LENGTH);
    expect(weights[100]).toBe(0);
    expect(weights[accident]).toBeLessThan(0.6);
    expect(weights[LENGTH - 3 * DAY]).toBe(1);
    const event = { name: 'job', kind: 'scheduledJob' as const, startAtMs: (LENGTH - 2 * DAY) * STEP_MS, endAtMs: (LENGTH - 1.5 * DAY) * STEP_MS };
    expect(rowWeights({ ...series(values), events: [event] }, LENGTH)[accident]).toBe(1);
  });

  it('keep an accident from becoming part of what is expected', async () => {
    const tf = await loadTensorBackend();
    const loads = [1, 2, 3, 4].map((seed) => load(seed, true));
    const errorWith = (weightsOf: (values: readonly number[]) => Float64Array) => {
      const fits = fitAdditive(tf, loads.map((values) => fillGaps(values, DAY)), DAY, loads.map(weightsOf), loads.map(() => null));
      const errors = fits.flatMap((fit) => Array.from(regressionValues(fit, LENGTH, LENGTH + DAY, null), (value, h) => Math.abs(value - usual(LENGTH + h))));
      return errors.reduce((sum, error) => sum + error, 0) / errors.length;
    };
    const weighted = errorWith((values) => rowWeights(series(values), LENGTH));
    expect(weighted).toBeLessThan(0.75 * errorWith(() => new Float64Array(LENGTH).fill(1)));
  });
});
