import { unitOf, type ForecastSubject, type LoadMetric, type ResourceForecast } from '../domain/forecast';
import type { ForecastAnswer } from './forecast-request';

/** An answer of the engine as the domain's record of the demand for one resource. */
export function toResourceForecast(answer: ForecastAnswer, subject: ForecastSubject, metric: LoadMetric): ResourceForecast {
  return {
    subject,
    metric,
    unit: unitOf(metric),
    issuedAtMs: answer.issuedAtMs,
    stepMs: answer.stepMs,
    horizonMs: answer.quantiles.length * answer.stepMs,
    levels: answer.levels,
    quantiles: answer.quantiles,
    mean: answer.mean,
    peak: answer.peakQuantiles,
    origin: { model: answer.model, version: answer.version, digest: answer.digest },
  };
}
