import type { ForecasterPort, SeriesToForecast } from '../activities/forecast-loads';
import { boundsOf } from '../domain/forecast';
import type { ForecastEngine } from '../forecasting/forecast-engine';
import type { ForecastAnswer, ForecastRequest } from '../forecasting/forecast-request';
import type { ModelName } from '../forecasting/model-names';
import { toResourceForecast } from '../forecasting/to-resource-forecast';

/** What every forecast shall be beyond the usual. */
type ForecastDetail = Pick<ForecastRequest, 'levels' | 'profileWeight' | 'model' | 'tier'>;

/** The forecast engine behind the activities' port. */
export function createForecaster(engine: Pick<ForecastEngine, 'forecast'>, detail: ForecastDetail = {}): ForecasterPort {
  return {
    async forecast(series, horizonMs) {
      const answers = await forecastAll(engine, series.map((one) => ({ ...requestOf(one, horizonMs), ...detail })));
      return answers.flatMap((answer, i) => {
        const one = series[i];
        return one === undefined ? [] : [toResourceForecast(answer, { kind: 'instance', instanceId: one.instanceId }, one.metric)];
      });
    },
  };
}

function requestOf(one: SeriesToForecast, horizonMs: number): ForecastRequest {
  return {
    series: { id: `${one.instanceId}/${one.metric}`, startAtMs: one.startAtMs, stepMs: one.stepMs, values: one.values, bounds: boundsOf(one.metric) },
    horizonSteps: Math.max(1, Math.ceil(horizonMs / one.stepMs)),
    ...(one.choice === null ? {} : { model: one.choice.model as ModelName, settings: one.choice.settings }),
  };
}

/** A champion may be of another version of Foreshift, which had more models: the default one forecasts then. */
async function forecastAll(engine: Pick<ForecastEngine, 'forecast'>, requests: readonly ForecastRequest[]): Promise<ForecastAnswer[]> {
  try {
    return await engine.forecast(requests);
  } catch (error) {
    if (!(error instanceof RangeError) || !error.message.startsWith('model: ')) throw error;
    return engine.forecast(requests.map(({ model: _, settings: __, ...request }) => request));
  }
}
