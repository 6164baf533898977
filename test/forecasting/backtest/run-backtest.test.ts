import { DEFAULT_SETTINGS, type ModelChoice } from '../../../src/domain/model-choice';
import { createRandomStream } from '../../../src/domain/seeded-random';
import { answerRequests } from '../../../src/forecasting/answer-requests';
import { bootstrapInterval } from '../../../src/forecasting/backtest/bootstrap-interval';
import { backtestPlaces, rollingOrigins } from '../../../src/forecasting/backtest/rolling-origin';
import { runBacktest } from '../../../src/forecasting/backtest/run-backtest';
import { pairedLogRatios, summarizeBacktest } from '../../../src/forecasting/backtest/summarize-backtest';
import type { ForecastAnswer, ForecastRequest } from '../../../src/forecasting/forecast-request';
import type { LoadSeries } from '../../../src/forecasting/load-series';
import { tuneSettings } from '../../../src/forecasting/tuning/tune-settings';

const STEP = 300_000;
const load = (seed: number, length = 800): LoadSeries => {
  const random = createRandomStream(seed);
  return { id: `s${seed}`, startAtMs: 0, stepMs: STEP, values: Array.from({ length }, (_, i) => 50 + 20 * Math.sin((2 * Math.PI * i) / 288) + 4 * random()), bounds: { lower: 0, upper: 100 } };
};
const choice = (model: string, more: Partial<ModelChoice['settings']> = {}): ModelChoice => ({ model, settings: { ...DEFAULT_SETTINGS, ...more } });
const OPTIONS = { horizonSteps: 6, origins: 3, fromShare: 1 / 3, seed: 1 };
/** The engine's work in this very thread. */
const engine = { forecast: (requests: readonly ForecastRequest[]) => answerRequests(requests) };

describe('a rolling-origin backtest', () => {
  it('spreads its origins evenly up to the last that the horizon allows', () => {
    expect(rollingOrigins(300, 30, 4, 1 / 3)).toEqual([100, 157, 213, 270]);
    expect(rollingOrigins(300, 30, 1, 1 / 3)).toEqual([270]);
    expect(rollingOrigins(300, 30, 3, 0.7)).toEqual([210, 240, 270]);
    expect(rollingOrigins(26, 2, 5, 0)).toEqual([24]);
    expect(rollingOrigins(40, 30, 3, 0)).toEqual([]);
  });

  it('is causal: whatever is put in the place of what comes after an origin, the forecast from it stays the same', async () => {
    const truth = load(1);
    const [, place] = backtestPlaces(truth, 6, 3, 1 / 3);
    const origin = place?.origin ?? 0;
    const forecastFrom = async (series: LoadSeries): Promise<ForecastAnswer[]> => {
      const made: ForecastAnswer[] = [];
      await runBacktest({ forecast: async (requests) => { const answers = await answerRequests(requests); made.push(...answers); return answers; } }, [series], [choice('blended'), choice('gate')], OPTIONS);
      return made.filter(({ issuedAtMs }) => issuedAtMs === (origin - 1) * STEP);
    };
    const corrupted = { ...truth, values: truth.values.map((value, i) => (i < origin ? value : i % 3 === 0 ? null : 1e6 * i)) };
    const [before, after] = [await forecastFrom(truth), await forecastFrom(corrupted)];
    expect(before).toHaveLength(2);
    expect(after).toEqual(before);
  });

  it('tells every choice apart on the same places, with progress', async () => {
    const progress: string[] = [];
    const rows = await runBacktest(engine, [load(1), load(2)], [choice('blended'), choice('blended', { spread: 0.3 })], OPTIONS, (done, of) => progress.push(`${done}/${of}`));
    const [calm, narrow] = summarizeBacktest(rows, 2);
    expect(rows).toHaveLength(12);
    expect(progress.at(-1)).toBe('12/12');
    expect(calm?.covered90).toBeGreaterThan(narrow?.covered90 ?? 1);
    expect(calm?.relativeLoss).toBeLessThan(1);
    expect(pairedLogRatios(rows, 1, 0)).toHaveLength(2);
    expect(pairedLogRatios(rows, 0, 0)).toEqual([0, 0]);
  });

  it('has nothing to say of series that are too short', async () => {
    const rows = await runBacktest(engine, [load(1, 20)], [choice('gate')], OPTIONS);
    expect(summarizeBacktest(rows, 1)).toEqual([{ choice: 0, forecasts: 0, relativeLoss: null, covered80: 0, covered90: 0, peakHeld: 0 }]);
  });

  it('has an interval that holds the mean, wider at more confidence, and the same for the same seed', () => {
    const values = [0.1, -0.3, -0.2, -0.4, 0.05, -0.1];
    const [narrow, wide] = [bootstrapInterval(values, 0.8, 1), bootstrapInterval(values, 0.99, 1)];
    expect(narrow.low).toBeLessThan(narrow.mean);
    expect(narrow.high).toBeGreaterThan(narrow.mean);
    expect(wide.high - wide.low).toBeGreaterThan(narrow.high - narrow.low);
    expect(bootstrapInterval(values, 0.8, 1)).toEqual(narrow);
    expect(() => bootstrapInterval([], 0.9, 1)).toThrow('there is nothing to take the mean of');
  });
});

describe('tuning on backtests', () => {
  it('tries the default settings first and never ends worse than those', async () => {
    const seen: number[] = [];
    const tuned = await tuneSettings(engine, [load(1)], { ...OPTIONS, origins: 2, model: 'blended', trials: 4 }, (trial) => seen.push(trial));
    expect(seen).toEqual([1, 2, 3, 4]);
    expect(tuned.trials[0]?.settings.sharpness).toBeCloseTo(DEFAULT_SETTINGS.sharpness, 9);
    expect(tuned.relativeLoss).toBeLessThanOrEqual(tuned.defaultLoss);
    expect(tuned.choice.model).toBe('blended');
  });

  it('is refused where there is nothing to backtest on', async () => {
    await expect(tuneSettings(engine, [load(1, 20)], { ...OPTIONS, model: 'blended', trials: 1 })).rejects.toThrow('none of them has a loss');
  });
});
