import type { ComputePort } from '../../src/activities/compute-port';
import { createForecastActivities } from '../../src/activities/forecast-activities';
import type { SeriesToForecast } from '../../src/activities/forecast-loads';
import type { ResourceForecast } from '../../src/domain/forecast';
import { DEFAULT_POLICY } from '../../src/domain/migration-policy';
import { DEFAULT_SETTINGS } from '../../src/domain/model-choice';
import { shape } from '../workflows/fixtures';
import { FACTS, portOf } from './fake-ports';

const NOW = Date.UTC(2026, 0, 20, 12, 2);

describe('the forecast of instances', () => {
  const saved: { pool: string; subject: unknown; calibration: unknown }[] = [];
  const asked: SeriesToForecast[] = [];
  const activities = createForecastActivities({
    compute: portOf<ComputePort>({ describe: async (instanceId) => ({ ...FACTS, instanceId, tags: { 'foreshift:service': 'web' } }), shape: async (name) => shape(name, 2, 0.1) }),
    metrics: {
      loadSeries: async (instanceIds, { startAtMs, stepMs }) =>
        instanceIds.flatMap((instanceId) => [
          { instanceId, metric: 'cpuPercent' as const, startAtMs, stepMs, values: [40, 41] },
          { instanceId, metric: 'memoryPercent' as const, startAtMs, stepMs, values: [null, null] },
        ]),
    },
    forecaster: {
      forecast: async (series) => {
        asked.push(...series);
        return series.map(({ instanceId, metric }): ResourceForecast => ({
          subject: { kind: 'instance', instanceId },
          metric,
          unit: 'percent',
          issuedAtMs: NOW,
          stepMs: 300_000,
          horizonMs: 600_000,
          levels: [0.5, 0.9],
          quantiles: [[40, 50], [40, 50]],
          mean: [40, 40],
          peak: [45, 55],
          origin: { model: 'm', version: '1', digest: instanceId },
        }));
      },
    },
    store: { save: async (_, forecast, pool) => void saved.push({ pool, subject: forecast.subject, calibration: forecast.origin.calibration }) },
    models: { champions: async (pools) => [{ pool: 'web', choice: { model: 'blended', settings: DEFAULT_SETTINGS }, sinceMs: 0, reason: 'better' }].filter(({ pool }) => pools.includes(pool)) },
    calibrations: { read: async () => [] },
    now: () => NOW,
  });
  beforeEach(() => {
    saved.splice(0);
    asked.splice(0);
  });

  it('finds the pool of a single instance by its tags', async () => {
    const { forecasts } = await activities.forecastInstance({ instanceId: 'i-7', shape: 'm7i.large', policy: DEFAULT_POLICY.forecast });
    expect(forecasts.map(({ metric }) => metric)).toEqual(['cpuPercent']);
    expect(asked[0]?.choice?.model).toBe('blended');
    expect(saved).toEqual([{ pool: 'web', subject: { kind: 'instance', instanceId: 'i-7' }, calibration: { kind: 'none', reason: 'no earlier forecast of it was scored yet' } }]);
  });
});
