import { probabilityAbove, quantileAt } from './quantile-function';

/** The load metrics that are forecast and held against limits. Percent is 0..100. */
export type LoadMetric = 'cpuPercent' | 'memoryPercent' | 'networkBytesPerSecond';

export const LOAD_METRICS: readonly LoadMetric[] = ['cpuPercent', 'memoryPercent', 'networkBytesPerSecond'];

export type LoadUnit = 'percent' | 'bytesPerSecond';

/** What a forecast is about: one instance, or everything in a locality (region, zone or pool). */
export type ForecastSubject =
  | { readonly kind: 'instance'; readonly instanceId: string }
  | { readonly kind: 'locality'; readonly locality: string };

/** Which model made a forecast; equal digests mean that model, settings and history were equal. */
export interface ForecastOrigin {
  readonly model: string;
  readonly version: string;
  readonly digest: string;
}

/**
 * The demand for one resource as a distribution over the coming `horizonMs`. Step i (from 0) stands for the time
 * `issuedAtMs + (i + 1) * stepMs`. Complete forecasts live in the database; a ForecastSummary crosses workflow boundaries.
 */
export interface ResourceForecast {
  readonly subject: ForecastSubject;
  readonly metric: LoadMetric;
  readonly unit: LoadUnit;
  /** Time of the last sample that the forecast knows. */
  readonly issuedAtMs: number;
  readonly stepMs: number;
  readonly horizonMs: number;
  /** Rising probabilities within (0, 1). */
  readonly levels: readonly number[];
  /** `[step][level]`, in the unit; never falling along the levels. */
  readonly quantiles: readonly (readonly number[])[];
  /** `[step]`, in the unit. */
  readonly mean: readonly number[];
  /** `[level]`: quantiles of the highest value over the whole horizon, which no single step's quantile tells. */
  readonly peak: readonly number[];
  readonly origin: ForecastOrigin;
}

/** The few numbers of a forecast that a workflow needs; the forecast itself is found under `forecastId`. */
export interface ForecastSummary {
  readonly forecastId: string;
  readonly digest: string;
  readonly subject: ForecastSubject;
  readonly metric: LoadMetric;
  readonly unit: LoadUnit;
  readonly issuedAtMs: number;
  readonly horizonMs: number;
  readonly peakMedian: number;
  readonly peakP90: number;
  readonly meanAtEnd: number;
  /** Set where a limit was given: the probability (0..1) that the peak passes it. */
  readonly limit?: number;
  readonly probabilityAboveLimit?: number;
}

/** The unit in which a metric is counted. */
export function unitOf(metric: LoadMetric): LoadUnit {
  return metric === 'networkBytesPerSecond' ? 'bytesPerSecond' : 'percent';
}

/** Cuts a forecast down to what may cross a workflow boundary: a few hundred bytes. */
export function summarizeForecast(forecast: ResourceForecast, forecastId: string, limit?: number): ForecastSummary {
  const peak = { levels: forecast.levels, values: forecast.peak };
  return {
    forecastId,
    digest: forecast.origin.digest,
    subject: forecast.subject,
    metric: forecast.metric,
    unit: forecast.unit,
    issuedAtMs: forecast.issuedAtMs,
    horizonMs: forecast.horizonMs,
    peakMedian: quantileAt(peak, 0.5),
    peakP90: quantileAt(peak, 0.9),
    meanAtEnd: forecast.mean.at(-1) ?? quantileAt(peak, 0.5),
    ...(limit === undefined ? {} : { limit, probabilityAboveLimit: probabilityAbove(peak, limit) }),
  };
}
