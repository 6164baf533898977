import { STANDARD_LEVELS, type ForecastModel } from '../forecast-model';
import type { LoadSeries } from '../load-series';

/**
 * Forecasts a history by itself: the `points` steps of a series before `end`, at the standard levels. `[step][level]`; null where it has no value to forecast from.
 */
export type OwnForecaster = (series: LoadSeries, end: number, points: number, horizon: number) => Promise<readonly (readonly number[])[] | null>;

/** The forecaster for settled workloads, given the few points that there are. */
export function createOwnForecaster(model: ForecastModel, seed: number): OwnForecaster {
  return async (series, end, points, horizon) => {
    const from = Math.max(0, end - points);
    const values = series.values.slice(from, end);
    const first = values.findIndex((value) => value !== null);
    if (first < 0) return null;
    const own: LoadSeries = { id: series.id, startAtMs: series.startAtMs + (from + first) * series.stepMs, stepMs: series.stepMs, values: values.slice(first), ...(series.bounds === undefined ? {} : { bounds: series.bounds }) };
    const [prediction] = (await model.fit([own], { seed })).predict(horizon, STANDARD_LEVELS);
    return prediction?.quantiles ?? null;
  };
}
