import { sql } from 'kysely';
import type { ScoredForecast } from '../../../src/activities/accuracy-port';
import { createAccuracyStore } from '../../../src/adapters/postgres/accuracy-store';
import type { Database } from '../../../src/adapters/postgres/database';
import { createForecastStore } from '../../../src/adapters/postgres/forecast-store';
import { createModelStore } from '../../../src/adapters/postgres/model-store';
import type { ResourceForecast } from '../../../src/domain/forecast';
import { DEFAULT_SETTINGS } from '../../../src/domain/model-choice';
import { withDatabase } from './embedded-database';

const HOUR = 3_600_000;
const T0 = Date.UTC(2026, 0, 5);

function forecast(instanceId: string, issuedAtMs: number): ResourceForecast {
  return {
    subject: { kind: 'instance', instanceId },
    metric: 'cpuPercent',
    unit: 'percent',
    issuedAtMs,
    stepMs: 300_000,
    horizonMs: 2 * HOUR,
    levels: [0.5],
    quantiles: new Array<number[]>(24).fill([40]),
    mean: new Array<number>(24).fill(40),
    peak: [45],
    origin: { model: 'gate', version: '2', digest: 'd' },
  };
}

const score = { steps: 24, loss: 1, referenceLoss: 2, logRatio: Math.log(0.5), absoluteError: 3, bias: -1, covered80: 0.75, covered90: 0.9, peakHeld: true };
const scored = (forecastId: string, more: Partial<ScoredForecast> = {}): ScoredForecast => ({ forecastId, pool: 'web', subject: 'i-1', metric: 'cpuPercent', model: 'gate', issuedAtMs: T0, horizonMs: 2 * HOUR, score, ...more });

describe('the accuracy of forecasts in Postgres', () => {
  let db: Database;

  withDatabase((opened) => {
    db = opened;
  });
  beforeEach(() => sql`truncate forecast, forecast_score, model_champion, model_candidate, model_backtest`.execute(db));

  const store = () => createAccuracyStore(db);

  it('names the forecasts that are over and have no score, once', async () => {
    const forecasts = createForecastStore(db);
    await forecasts.save('a', forecast('i-1', T0), 'web');
    await forecasts.save('b', forecast('i-2', T0 + 3 * HOUR), 'web');
    await forecasts.save('old', forecast('i-3', T0 - 100 * HOUR), 'web');
    const range = { sinceMs: T0 - HOUR, endedBeforeMs: T0 + 3 * HOUR };
    expect(await store().due({ ...range, limit: 10 })).toEqual([{ forecastId: 'a', pool: 'web', forecast: forecast('i-1', T0) }]);
    expect(await store().countDue({ ...range, endedBeforeMs: T0 + 6 * HOUR })).toBe(2);
    await store().save([scored('a', { score: null })]);
    expect(await store().due({ ...range, limit: 10 })).toEqual([]);
  });

  it('sums up by pool, metric, horizon and model: geometric for losses, and without what could not be scored', async () => {
    await store().save([
      scored('a'),
      scored('b', { score: { ...score, logRatio: Math.log(0.125), bias: 1, peakHeld: false } }),
      scored('a', { horizonMs: HOUR / 2, score: { ...score, logRatio: null, peakHeld: null } }),
      scored('c', { score: null }),
      scored('d', { pool: 'api', metric: 'memoryPercent' }),
    ]);
    const all = await store().summarize({ sinceMs: 0 });
    expect(all.map(({ pool, metric, horizonMs, forecasts }) => [pool, metric, horizonMs / HOUR, forecasts])).toEqual([['api', 'memoryPercent', 2, 1], ['web', 'cpuPercent', 0.5, 1], ['web', 'cpuPercent', 2, 2]]);
    expect(all[1]).toMatchObject({ relativeLoss: null, peakHeld: null });
    expect(all[2]).toMatchObject({ absoluteError: 3, bias: 0, covered80: 0.75, covered90: 0.9, peakHeld: 0.5 });
    expect(all[2]?.relativeLoss).toBeCloseTo(0.25, 10);
    expect(await store().summarize({ sinceMs: 0, pool: 'api', metric: 'memoryPercent' })).toHaveLength(1);
    expect(await store().summarize({ sinceMs: T0 + 1 })).toEqual([]);
  });

  it('counts each subject once in a window, however often it was forecast', async () => {
    const often = Array.from({ length: 9 }, (_, i) => scored(`o${i}`, { score: { ...score, logRatio: -2 } }));
    await store().save([...often, scored('x', { subject: 'i-2', score: { ...score, logRatio: 0 } })]);
    const window = await store().window({ pool: 'web', model: 'gate', fromMs: T0, toMs: T0 + 1 });
    expect(window).toMatchObject({ subjects: 2, forecasts: 10, meanLogRatio: -1 });
    expect(window.standardError).toBeCloseTo(1, 10);
    expect(await store().window({ pool: 'web', model: 'other', fromMs: 0, toMs: T0 + 1 })).toEqual({ subjects: 0, forecasts: 0, meanLogRatio: null, standardError: null, covered90: null });
  });

  it('forgets forecasts and their scores together', async () => {
    await createForecastStore(db).save('a', forecast('i-1', T0), 'web');
    await store().save([scored('a')]);
    expect(await store().deleteBefore(T0 + 1)).toBe(1);
    expect(await store().summarize({ sinceMs: 0 })).toEqual([]);
  });

  it('keeps champions, candidates and backtests of each pool', async () => {
    const models = createModelStore(db);
    const choice = { model: 'blended', settings: { ...DEFAULT_SETTINGS, sharpness: 3.25 } };
    await models.crown({ pool: 'web', choice: { ...choice, model: 'gate' }, sinceMs: T0, reason: 'first' });
    await models.crown({ pool: 'web', choice, sinceMs: T0 + 1, reason: 'better' });
    expect(await models.champions(['web', 'api'])).toEqual([{ pool: 'web', choice, sinceMs: T0 + 1, reason: 'better' }]);
    await models.dethrone('web');
    expect(await models.champions(['web'])).toEqual([]);
    for (const [i, candidateId] of ['one', 'two', 'two'].entries()) await models.saveCandidate({ candidateId, pool: 'web', choice, madeAtMs: T0 + i, relativeLoss: 0.5 });
    expect((await models.candidates('web', T0)).map(({ candidateId }) => candidateId)).toEqual(['two', 'one']);
    expect(await models.candidates('web', T0 + 1)).toHaveLength(1);
    await models.saveBacktest('b', { pool: 'web', madeAtMs: T0, choices: [choice], rows: [] });
    await models.saveBacktest('b', { pool: 'web', madeAtMs: T0, choices: [choice], rows: [] });
  });
});
