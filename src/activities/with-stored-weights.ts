import type { ForecastEngine } from '../forecasting/forecast-engine';
import type { WeightsFile } from '../forecasting/gate/weights-file';
import { weightsIdOf } from '../forecasting/model-names';
import type { ModelStore } from './model-port';

/** Weights never change, so that they are read once; the oldest go where there are more than these. */
const MOST_KNOWN = 200;

/**
 * An engine that gives requests for a gate which was trained further its weights, from the store. Where they are gone the engine refuses the request, as it does one for a
 * model that there is not.
 */
export function withStoredWeights(engine: Pick<ForecastEngine, 'forecast'>, models: Pick<ModelStore, 'weights'>): Pick<ForecastEngine, 'forecast'> {
  const known = new Map<string, WeightsFile>();
  return {
    async forecast(requests) {
      const ids = new Set(requests.flatMap(({ model }) => weightsIdOf(model ?? '') ?? []));
      if (ids.size === 0) return engine.forecast(requests);
      const missing = [...ids].filter((id) => !known.has(id));
      if (missing.length > 0) for (const [id, weights] of await models.weights(missing)) known.set(id, weights);
      const answers = await engine.forecast(
        requests.map((request) => {
          const weights = known.get(weightsIdOf(request.model ?? '') ?? '');
          return weights === undefined ? request : { ...request, weights };
        }),
      );
      for (const id of known.keys()) if (known.size > MOST_KNOWN) known.delete(id);
      return answers;
    },
  };
}
