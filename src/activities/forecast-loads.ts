import type { ResourceForecast } from '../domain/forecast';
import type { ModelChoice } from '../domain/model-choice';
import { calibrateForecasts } from './calibrate-forecasts';
import type { CalibrationStore } from './calibration-port';
import { digestOf } from './digest';
import type { MetricSeries, MetricsPort } from './metrics-port';
import type { ModelStore } from './model-port';

export const STEP_MS = 300_000;
const HISTORY_MS = 14 * 86_400_000;

/** `choice` null: the default model. */
export interface SeriesToForecast extends MetricSeries {
  readonly choice: ModelChoice | null;
}

/** Makes forecasts of many series at once; where nothing can be told of a series it is left out. */
export interface ForecasterPort {
  forecast(series: readonly SeriesToForecast[], horizonMs: number): Promise<readonly ResourceForecast[]>;
}

export interface ForecastStore {
  /** Writes once per id. */
  save(forecastId: string, forecast: ResourceForecast, pool: string): Promise<void>;
}

export interface LoadForecastPorts {
  readonly metrics: Pick<MetricsPort, 'loadSeries'>;
  readonly forecaster: ForecasterPort;
  readonly models: Pick<ModelStore, 'champions'>;
  readonly calibrations: Pick<CalibrationStore, 'read'>;
}

/** An instance to forecast, and the pool whose model does it. */
export interface LoadOwner {
  readonly instanceId: string;
  readonly service: string;
}

export interface ForecastHistories {
  readonly series: readonly MetricSeries[];
  /** In any order; a series of which nothing can be told has none. */
  readonly forecasts: readonly ResourceForecast[];
}

/** Forecasts every load that instances publish: two weeks of history, the model of each pool, calibrated by how earlier ones turned out. */
export async function forecastLoads(ports: LoadForecastPorts, owners: readonly LoadOwner[], horizonMs: number, nowMs: number): Promise<readonly ResourceForecast[]> {
  return (await forecastHistories(ports, owners, horizonMs, nowMs)).forecasts;
}

/** The same, with the histories that the forecasts were made from: those in which anything was measured. */
export async function forecastHistories({ metrics, forecaster, models, calibrations }: LoadForecastPorts, owners: readonly LoadOwner[], horizonMs: number, nowMs: number): Promise<ForecastHistories> {
  const endAtMs = Math.floor(nowMs / STEP_MS) * STEP_MS;
  const range = { startAtMs: endAtMs - HISTORY_MS, endAtMs, stepMs: STEP_MS };
  const series = (await metrics.loadSeries(owners.map(({ instanceId }) => instanceId), range)).filter((one) => one.values.some((value) => value !== null));
  const choices = await choicesOf(models, owners);
  // The newest complete bucket may be five minutes old: the horizon counts from now.
  const made = await forecaster.forecast(series.map((one) => ({ ...one, choice: choices.get(one.instanceId) ?? null })), horizonMs + STEP_MS);
  return { series, forecasts: await calibrateForecasts(calibrations, made) };
}

/** Stores a forecast under the digest of all that is in it, and returns that id. */
export async function saveForecast(store: ForecastStore, forecast: ResourceForecast, pool: string): Promise<string> {
  const forecastId = digestOf(forecast).slice(0, 32);
  await store.save(forecastId, forecast, pool);
  return forecastId;
}

/** The champion of each owner's pool. */
async function choicesOf(models: Pick<ModelStore, 'champions'>, owners: readonly LoadOwner[]): Promise<Map<string, ModelChoice>> {
  const champions = await models.champions([...new Set(owners.map(({ service }) => service))]);
  const byPool = new Map(champions.map(({ pool, choice }) => [pool, choice]));
  const choices = new Map<string, ModelChoice>();
  for (const { instanceId, service } of owners) {
    const choice = byPool.get(service);
    if (choice !== undefined) choices.set(instanceId, choice);
  }
  return choices;
}
