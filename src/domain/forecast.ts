import { probabilityAbove, quantileAt } from './quantile-function';

/** The load metrics that are forecast and held against limits. Percent is 0..100. */
export type LoadMetric = 'cpuPercent' | 'memoryPercent' | 'networkBytesPerSecond';

export const LOAD_METRICS: readonly LoadMetric[] = ['cpuPercent', 'memoryPercent', 'networkBytesPerSecond'];

/** Sums over instances count in vCPUs and bytes where the instances' own loads are percentages. */
export type LoadUnit = 'percent' | 'bytesPerSecond' | 'vcpus' | 'bytes';

/** What a forecast is about: one instance, or everything in a locality (region, zone or pool). */
export type ForecastSubject =
  | { readonly kind: 'instance'; readonly instanceId: string }
  | { readonly kind: 'locality'; readonly locality: string };

/** How a forecast was calibrated by how the earlier ones of its series turned out: by which state, learned from how many of them, or why not. */
export type ForecastCalibration = { readonly kind: 'applied'; readonly digest: string; readonly forecasts: number } | { readonly kind: 'none'; readonly reason: string };

/** Which model made a forecast; equal digests mean that model, settings, history and calibration were equal. */
export interface ForecastOrigin {
  readonly model: string;
  readonly version: string;
  readonly digest: string;
  /** Absent from forecasts that no service made. */
  readonly calibration?: ForecastCalibration;
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
  /** What the model said before calibration, where that changed it: what the calibration learns from. */
  readonly uncalibrated?: { readonly quantiles: readonly (readonly number[])[]; readonly peak: readonly number[] };
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

/** What a subject is called in keys and tables. */
export function subjectName(subject: ForecastSubject): string {
  return subject.kind === 'instance' ? subject.instanceId : subject.locality;
}

/** Percentages end at 100, rates begin at 0. */
export function boundsOf(metric: LoadMetric): { lower: number; upper?: number } {
  return unitOf(metric) === 'percent' ? { lower: 0, upper: 100 } : { lower: 0 };
}

/** Forecasts of one resource, by metric. */
export type ForecastsByMetric = Partial<Readonly<Record<LoadMetric, ResourceForecast>>>;

export function byMetric(forecasts: readonly ResourceForecast[]): ForecastsByMetric {
  return Object.fromEntries(forecasts.map((forecast) => [forecast.metric, forecast]));
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
