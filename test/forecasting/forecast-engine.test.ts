import { createForecastEngine, type ForecastEngine } from '../../src/forecasting/forecast-engine';
import { STANDARD_LEVELS } from '../../src/forecasting/forecast-model';
import { DAY, STEP_MS, generateSeries } from './generated-series';

const parts = { level: 50, slopePerDay: 0, daily: 5, noise: 1, memory: 0.5 };

describe('the forecast engine', () => {
  let engine: ForecastEngine;
  beforeAll(() => (engine = createForecastEngine({ threads: 2 })));
  afterAll(() => engine.close());

  it('answers a batch in order, each request by its own horizon and model', async () => {
    const answers = await engine.forecast([
      { series: generateSeries(parts, 3 * DAY, 1), horizonSteps: 6 },
      { series: generateSeries(parts, 3 * DAY, 2), horizonSteps: 12, model: 'additive', levels: [0.5] },
      { series: generateSeries(parts, 2 * DAY, 3), horizonSteps: 6 },
    ]);
    expect(answers.map(({ id, model, quantiles }) => [id, model, quantiles.length])).toEqual([
      ['generated-1', 'gate', 6],
      ['generated-2', 'additive', 12],
      ['generated-3', 'gate', 6],
    ]);
    expect(answers[0]?.levels).toEqual(STANDARD_LEVELS);
    expect(answers[1]?.quantiles[0]).toHaveLength(1);
  });

  it('gives one answer for one request, whoever shares the batch', async () => {
    const request = { series: generateSeries(parts, 3 * DAY), horizonSteps: 6 };
    const other = { series: generateSeries(parts, 2 * DAY, 9), horizonSteps: 6 };
    const [alone] = await engine.forecast([request]);
    const [, , among] = await engine.forecast([other, other, request]);
    expect(among).toEqual(alone);
  });

  it('keeps the requests of a model that learns across series together, and tells answers of other company apart', async () => {
    const requests = [1, 2].map((seed) => ({ series: generateSeries(parts, 30, seed), horizonSteps: 6, model: 'lstm' as const }));
    const together = await engine.forecast(requests);
    const [alone] = await engine.forecast(requests.slice(0, 1));
    expect(together.map(({ id }) => id)).toEqual(['generated-1', 'generated-2']);
    expect(together[0]?.digest).not.toBe(alone?.digest);
    expect(together[0]?.notes.join()).toContain('too short a history for the network');
  });

  it.each([1, 5, 24, 300])('forecasts an instance that is new: %d values after two weeks of nothing', async (count) => {
    const { values } = generateSeries(parts, 2 * DAY, 5);
    const young = { id: 'young', startAtMs: 0, stepMs: STEP_MS, values: [...Array<null>(4000).fill(null), ...values.slice(0, count)] };
    const [answer] = await engine.forecast([{ series: young, horizonSteps: 25 }]);
    expect(answer?.quantiles).toHaveLength(25);
    expect(answer?.quantiles.flat().every(Number.isFinite)).toBe(true);
  });

  it('leaves the calling thread free', async () => {
    let ticks = 0;
    const timer = setInterval(() => ticks++, 5);
    await engine.forecast(Array.from({ length: 20 }, (_, i) => ({ series: generateSeries(parts, 5 * DAY, i), horizonSteps: 24 })));
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(10);
  });

  it('names the request that cannot be forecast, and goes on', async () => {
    const bad = { series: { id: 'bad', startAtMs: 0, stepMs: STEP_MS, values: [1, NaN] }, horizonSteps: 6 };
    await expect(engine.forecast([{ series: generateSeries(parts, 10), horizonSteps: 6 }, bad])).rejects.toThrow('series[1].values[1]');
    await expect(engine.forecast([{ series: generateSeries(parts, 10), horizonSteps: 0 }])).rejects.toThrow(RangeError);
    await expect(engine.forecast([{ series: generateSeries(parts, 10), horizonSteps: 1 }])).resolves.toHaveLength(1);
  });

  it('refuses what is under way or comes after it is closed', async () => {
    const short = createForecastEngine({ threads: 1 });
    const refused = expect(short.forecast([{ series: generateSeries(parts, DAY), horizonSteps: 6 }])).rejects.toThrow('closed');
    await short.close();
    await refused;
    await expect(short.forecast([])).rejects.toThrow('closed');
  });
});
