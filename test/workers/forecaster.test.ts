import type { SeriesToForecast } from '../../src/activities/forecast-loads';
import { DEFAULT_SETTINGS } from '../../src/domain/model-choice';
import { answerRequests } from '../../src/forecasting/answer-requests';
import type { ForecastRequest } from '../../src/forecasting/forecast-request';
import { createForecaster } from '../../src/workers/forecaster';

const STEP = 300_000;
const series = (choice: SeriesToForecast['choice']): SeriesToForecast => ({ instanceId: 'i-1', metric: 'cpuPercent', startAtMs: 0, stepMs: STEP, values: Array.from({ length: 400 }, (_, i) => 40 + (i % 12)), choice });

describe('the forecaster of a worker', () => {
  const asked: ForecastRequest[] = [];
  const forecaster = createForecaster({
    forecast: (requests) => {
      asked.push(...requests);
      return answerRequests(requests);
    },
  });
  beforeEach(() => asked.splice(0));

  it('asks for the champion and its settings, and for the default model where there is none', async () => {
    const settings = { ...DEFAULT_SETTINGS, spread: 1.5 };
    const [chosen, usual] = await forecaster.forecast([series({ model: 'blended', settings }), series(null)], 6 * STEP);
    expect(asked.map(({ model, settings: own }) => [model, own])).toEqual([['blended', settings], [undefined, undefined]]);
    expect([chosen?.origin.model, usual?.origin.model]).toEqual(['blended', 'gate']);
  });

  it('forecasts by the default model where a champion is of another version that had more models', async () => {
    const [forecast] = await forecaster.forecast([series({ model: 'oracle', settings: DEFAULT_SETTINGS })], 6 * STEP);
    expect(forecast?.origin.model).toBe('gate');
  });
});
