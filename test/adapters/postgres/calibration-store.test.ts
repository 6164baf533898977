import { sql } from 'kysely';
import { calibrateForecasts } from '../../../src/activities/calibrate-forecasts';
import { scorePastForecasts } from '../../../src/activities/score-forecasts';
import { createAccuracyStore } from '../../../src/adapters/postgres/accuracy-store';
import { createCalibrationStore } from '../../../src/adapters/postgres/calibration-store';
import type { Database } from '../../../src/adapters/postgres/database';
import { createForecastStore } from '../../../src/adapters/postgres/forecast-store';
import type { ResourceForecast } from '../../../src/domain/forecast';
import { newCalibrationState, type CalibrationState } from '../../../src/forecasting/calibration/calibration-state';
import { lehmer } from '../../../src/forecasting/training/train-gate';
import { memoryHistory } from '../../activities/memory-history';
import { withDatabase } from './embedded-database';

const STEP = 300_000;
const HOUR = 3_600_000;
const T0 = Date.UTC(2026, 0, 5);
const LEVELS = [0.05, 0.25, 0.5, 0.75, 0.95];
/** Quantiles of the standard normal distribution. */
const NORMAL = [-1.644854, -0.67449, 0, 0.67449, 1.644854];

function forecast(instanceId: string, issuedAtMs: number): ResourceForecast {
  const row = NORMAL.map((z) => 50 + 4 * z);
  return {
    subject: { kind: 'instance', instanceId },
    metric: 'cpuPercent',
    unit: 'percent',
    issuedAtMs,
    stepMs: STEP,
    horizonMs: 2 * STEP,
    levels: LEVELS,
    quantiles: [row, row],
    mean: [50, 50],
    peak: row,
    origin: { model: 'gate', version: '4', digest: 'd' },
  };
}

describe('the calibration of forecasts in Postgres', () => {
  let db: Database;

  withDatabase((opened) => {
    db = opened;
  });
  beforeEach(() => sql`truncate forecast, forecast_score, forecast_calibration`.execute(db));

  it('replaces a state, gives back what can be read of it, and forgets the old ones', async () => {
    const store = createCalibrationStore(db);
    const state = newCalibrationState(LEVELS, 2) as CalibrationState;
    const key = { subject: 'i-1', metric: 'cpuPercent' as const, model: 'gate', horizonMs: 2 * HOUR };
    await store.save([{ ...key, state, updatedAtMs: 1 }, { ...key, subject: 'i-2', state, updatedAtMs: 9 }]);
    await store.save([{ ...key, state: { ...state, forecasts: 7 }, updatedAtMs: 2 }]);
    expect(await store.read(['i-1', 'i-3'])).toEqual([{ ...key, state: { ...state, forecasts: 7 } }]);
    await sql`update forecast_calibration set state = '{"calibration":{}}' where subject = 'i-1'`.execute(db);
    expect(await store.read(['i-1'])).toEqual([{ ...key, state: null }]);
    await store.deleteBefore(5);
    expect((await store.read(['i-1', 'i-2'])).map(({ subject }) => subject)).toEqual(['i-2']);
  });

  it('brings coverage back to nominal where the load varies twice as much as the model says', async () => {
    const [accuracy, calibrations, forecasts, history] = [createAccuracyStore(db), createCalibrationStore(db), createForecastStore(db), memoryHistory()];
    const random = lehmer(3);
    const noise = () => 8 * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const instances = ['i-1', 'i-2', 'i-3', 'i-4'];
    // A forecast is scored against a naive one, which needs a little history.
    const before = [1, 2, 3].map((step) => ({ atMs: T0 - step * STEP, value: 50 }));
    await history.append(instances.map((resource) => ({ key: { resource, metric: 'cpuPercent' as const, stepMs: STEP }, points: before })), T0 - HOUR);
    const rounds = 300;
    let [late, within, withinUncalibrated] = [0, 0, 0];
    for (let round = 0; round < rounds; round++) {
      const issuedAtMs = T0 + round * 2 * STEP;
      const made = await calibrateForecasts(calibrations, instances.map((instanceId) => forecast(instanceId, issuedAtMs)));
      await Promise.all(made.map((one, i) => forecasts.save(`${round}/${i}`, one, 'web')));
      for (const [i, resource] of instances.entries()) {
        const points = [1, 2].map((step) => ({ atMs: issuedAtMs + step * STEP, value: Math.min(100, Math.max(0, 50 + noise())) }));
        await history.append([{ key: { resource, metric: 'cpuPercent', stepMs: STEP }, points }], T0);
        if (round < 200) continue;
        const row = made[i]?.quantiles[0] as readonly number[];
        for (const { value } of points) {
          late += 1;
          within += value >= (row[0] as number) && value <= (row[4] as number) ? 1 : 0;
          withinUncalibrated += Math.abs(value - 50) <= 4 * (NORMAL[4] as number) ? 1 : 0;
        }
      }
      if (round % 4 !== 3) continue;
      const nowMs = issuedAtMs + HOUR;
      const report = await scorePastForecasts({ accuracy, history, calibrations }, { nowMs, sinceMs: 2 * HOUR, limit: 100 });
      expect(report.unscorable).toBe(0);
    }
    expect(withinUncalibrated / late).toBeLessThan(0.65);
    expect(within / late).toBeGreaterThan(0.86);
    expect(within / late).toBeLessThan(0.94);
  }, 60_000);
});
