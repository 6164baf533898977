import { boundsOf } from '../activities/forecast-activities';
import type { ForecasterPort } from '../activities/forecast-activities';
import { createForecastEngine } from '../forecasting/forecast-engine';
import { toResourceForecast } from '../forecasting/to-resource-forecast';

/** One thread beside the worker's own: forecasts come in batches, and the worker shares its machine. */
const THREADS = 1;

/** The forecast engine behind the activities' port. */
export function createForecaster(): ForecasterPort & { close(): Promise<void> } {
  const engine = createForecastEngine({ threads: THREADS });
  return {
    async forecast(series, horizonMs) {
      const answers = await engine.forecast(
        series.map((one) => ({
          series: {
            id: `${one.instanceId}/${one.metric}`,
            startAtMs: one.startAtMs,
            stepMs: one.stepMs,
            values: one.values,
            bounds: boundsOf(one.metric),
          },
          horizonSteps: Math.max(1, Math.ceil(horizonMs / one.stepMs)),
        })),
      );
      return answers.flatMap((answer, i) => {
        const one = series[i];
        return one === undefined ? [] : [toResourceForecast(answer, { kind: 'instance', instanceId: one.instanceId }, one.metric)];
      });
    },
    close: () => engine.close(),
  };
}
