import { calibrateForecasts } from '../../src/activities/calibrate-forecasts';
import type { CalibrationStore } from '../../src/activities/calibration-port';
import { learnFromAll } from '../../src/activities/learn-calibration';
import type { ResourceForecast } from '../../src/domain/forecast';
import { newCalibrationState } from '../../src/forecasting/calibration/calibration-state';
import { memoryCalibrations } from './memory-calibrations';

const LEVELS = [0.05, 0.25, 0.5, 0.75, 0.95];
const ROW = [40, 45, 50, 55, 60];

function forecast(more: Partial<ResourceForecast> = {}): ResourceForecast {
  return {
    subject: { kind: 'instance', instanceId: 'i-1' },
    metric: 'cpuPercent',
    unit: 'percent',
    issuedAtMs: 0,
    stepMs: 300_000,
    horizonMs: 600_000,
    levels: LEVELS,
    quantiles: [ROW, ROW],
    mean: [50, 50],
    peak: ROW,
    origin: { model: 'gate', version: '4', digest: 'd' },
    ...more,
  };
}

const after = async (store: CalibrationStore, actual: readonly (number | null)[], more?: Partial<ResourceForecast>) => learnFromAll(store, [{ forecast: forecast(more), actual }], 1);

describe('calibrating forecasts by how earlier ones turned out', () => {
  it('widens after misses and narrows after hits, the peak too, and keeps what the model said', async () => {
    const store = memoryCalibrations();
    for (let i = 0; i < 10; i++) await after(store, [90, 90]);
    const [wide] = await calibrateForecasts(store, [forecast()]);
    expect(wide?.quantiles[0]?.[4]).toBeGreaterThan(60);
    expect(wide?.peak[4]).toBeGreaterThan(60);
    expect(wide?.uncalibrated).toEqual({ quantiles: [ROW, ROW], peak: ROW });
    expect(wide?.origin.calibration).toMatchObject({ kind: 'applied', forecasts: 10 });
    const narrower = memoryCalibrations();
    for (let i = 0; i < 10; i++) await after(narrower, [50, 50]);
    expect((await calibrateForecasts(narrower, [forecast()]))[0]?.quantiles[0]?.[4]).toBeLessThan(60);
  });

  it('learns by what the model said, not by what was made of it', async () => {
    const [one, other] = [memoryCalibrations(), memoryCalibrations()];
    await after(one, [90, 90]);
    await after(other, [90, 90], { quantiles: [[0, 0, 50, 100, 100], [0, 0, 50, 100, 100]], peak: [0, 0, 50, 100, 100], uncalibrated: { quantiles: [ROW, ROW], peak: ROW } });
    expect((await other.read(['i-1']))[0]?.state).toEqual((await one.read(['i-1']))[0]?.state);
  });

  it('changes the digest with the state, and not without one', async () => {
    const store = memoryCalibrations();
    expect((await calibrateForecasts(store, [forecast()]))[0]?.origin).toEqual({ model: 'gate', version: '4', digest: 'd', calibration: { kind: 'none', reason: 'no earlier forecast of it was scored yet' } });
    await after(store, [90, 90]);
    const [first] = await calibrateForecasts(store, [forecast()]);
    await after(store, [90, 90]);
    const [second] = await calibrateForecasts(store, [forecast()]);
    expect(new Set(['d', first?.origin.digest, second?.origin.digest]).size).toBe(3);
  });

  it('says so where the state is damaged or for other levels, and leaves the forecast alone', async () => {
    const stored = (state: ReturnType<typeof newCalibrationState>) => ({ read: async () => [{ subject: 'i-1', metric: 'cpuPercent' as const, model: 'gate', horizonMs: 600_000, state }] });
    const [damaged] = await calibrateForecasts(stored(null), [forecast()]);
    const [foreign] = await calibrateForecasts(stored(newCalibrationState([0.1, 0.5, 0.9], 2)), [forecast()]);
    for (const one of [damaged, foreign]) expect(one).toMatchObject({ quantiles: [ROW, ROW], peak: ROW });
    expect([damaged?.origin.calibration, foreign?.origin.calibration]).toEqual([
      { kind: 'none', reason: 'what was learned of it cannot be read' },
      { kind: 'none', reason: 'what was learned of it is for other levels' },
    ]);
  });

  it('keeps apart models, metrics and horizons', async () => {
    const store = memoryCalibrations();
    await after(store, [90, 90]);
    const others = [forecast({ origin: { model: 'arima', version: '1', digest: 'd' } }), forecast({ metric: 'memoryPercent' }), forecast({ horizonMs: 900_000 })];
    expect((await calibrateForecasts(store, others)).map(({ origin }) => origin.calibration?.kind)).toEqual(['none', 'none', 'none']);
  });

  it('reads and writes once for any number of forecasts', async () => {
    const store = memoryCalibrations();
    const many = Array.from({ length: 50 }, (_, i) => forecast({ subject: { kind: 'instance', instanceId: `i-${i}` } }));
    await learnFromAll(store, many.map((one) => ({ forecast: one, actual: [90, null] })), 1);
    await calibrateForecasts(store, many);
    expect(store.calls).toEqual({ reads: 2, writes: 1 });
  });

  it('learns nothing from a time that nobody saw, nor of levels that are not mirrored', async () => {
    const store = memoryCalibrations();
    await after(store, [null, null]);
    await after(store, [90, 90], { levels: [0.5, 0.9], quantiles: [[50, 60], [50, 60]], peak: [50, 60] });
    expect(await store.read(['i-1'])).toEqual([]);
  });
});
