import type { ContentionPolicy, MetricAssessment } from './contention-assessment';
import { describeContention, describeMissing } from './contention-explanation';
import { LOAD_METRICS, type ForecastsByMetric, type LoadMetric, type ResourceForecast } from './forecast';
import { probabilityAbove, quantileAt } from './quantile-function';

export interface ContentionInput {
  readonly forecasts: ForecastsByMetric;
  /** The shape's limit in the metric's own unit; a metric without a limit is not judged. */
  readonly limits: Partial<Readonly<Record<LoadMetric, number>>>;
  readonly policy: ContentionPolicy;
  readonly nowMs: number;
}

/** The verdict: the fields of the metric that is most at risk, those of every metric, and why, in sentences. */
export interface ContentionAssessment {
  readonly contended: boolean;
  /** The metric most at risk; null where no metric could be judged. The fields below are then null as well. */
  readonly metric: LoadMetric | null;
  readonly probability: number | null;
  readonly quantile: number;
  readonly peakQuantileValue: number | null;
  readonly limit: number | null;
  readonly onsetAtMs: number | null;
  readonly leadMs: number | null;
  readonly leadSufficient: boolean;
  readonly metrics: readonly MetricAssessment[];
  readonly explanation: readonly string[];
}

/**
 * Judges whether a resource will run out: the probability that any limited metric passes its limit within the policy's horizon,
 * from the distribution of its peak. A missing, outdated or unusable forecast is a stated reason, never a silent "no contention".
 */
export function assessContention({ forecasts, limits, policy, nowMs }: ContentionInput): ContentionAssessment {
  const metrics: MetricAssessment[] = [];
  const explanation: string[] = [];
  for (const metric of LOAD_METRICS) {
    const limit = limits[metric];
    const forecast = forecasts[metric];
    const missing = reasonNotToJudge(metric, forecast, limit, nowMs);
    if (missing !== null || forecast === undefined || limit === undefined) {
      explanation.push(missing ?? describeMissing(metric, 'there is no forecast'));
      continue;
    }
    const assessment = assessMetric(forecast, limit, policy, nowMs);
    metrics.push(assessment);
    explanation.push(describeContention(assessment, policy, coveredMs(forecast, nowMs)));
  }
  const worst = [...metrics].sort(mostAtRiskFirst)[0];
  return {
    contended: worst?.contended ?? false,
    metric: worst?.metric ?? null,
    probability: worst?.probability ?? null,
    quantile: policy.quantile,
    peakQuantileValue: worst?.peakQuantileValue ?? null,
    limit: worst?.limit ?? null,
    onsetAtMs: worst?.onsetAtMs ?? null,
    leadMs: worst?.leadMs ?? null,
    leadSufficient: worst?.leadSufficient ?? false,
    metrics,
    explanation,
  };
}

function reasonNotToJudge(metric: LoadMetric, forecast: ResourceForecast | undefined, limit: number | undefined, nowMs: number): string | null {
  if (limit === undefined) return describeMissing(metric, 'the shape has no limit for it');
  if (!Number.isFinite(limit)) return describeMissing(metric, 'its limit is not a finite number');
  if (forecast === undefined) return describeMissing(metric, 'there is no forecast');
  if (coveredMs(forecast, nowMs) <= 0) return describeMissing(metric, 'its forecast is outdated: it ends before now');
  const numbers = [...forecast.levels, ...forecast.peak, ...forecast.quantiles.flat()];
  const complete = forecast.levels.length > 0 && forecast.peak.length === forecast.levels.length && forecast.quantiles.length > 0;
  if (!complete || !numbers.every(Number.isFinite)) return describeMissing(metric, 'its forecast is incomplete or holds values that are not finite');
  return null;
}

/** How far beyond now a forecast reaches, in ms. */
function coveredMs(forecast: ResourceForecast, nowMs: number): number {
  return forecast.issuedAtMs + forecast.horizonMs - nowMs;
}

/** From this share of a forecast's steps on, its peak stands for the steps in question. */
const WHOLE_HORIZON_SHARE = 0.9;

function assessMetric(forecast: ResourceForecast, limit: number, policy: ContentionPolicy, nowMs: number): MetricAssessment {
  const { levels, quantiles, stepMs, issuedAtMs } = forecast;
  const steps = quantiles
    .map((values, step) => ({ atMs: issuedAtMs + (step + 1) * stepMs, distribution: { levels, values } }))
    .filter(({ atMs }) => atMs > nowMs && atMs <= nowMs + policy.horizonMs);
  const chances = steps.map(({ distribution }) => probabilityAbove(distribution, limit));
  const stepQuantiles = steps.map(({ distribution }) => quantileAt(distribution, policy.quantile));
  // The peak's distribution is over the forecast's whole horizon, of which a step or two have always passed when it is read. Where the
  // policy looks much less far, the likeliest step is what is known of the part in question: less than the peak's probability, never more.
  const wholeHorizon = steps.length >= quantiles.length * WHOLE_HORIZON_SHARE;
  const peak = { levels, values: forecast.peak };
  const likeliest = Math.max(0, ...chances);
  const probability = wholeHorizon ? Math.max(likeliest, probabilityAbove(peak, limit)) : likeliest;
  const peakQuantileValue =
    wholeHorizon || steps.length === 0 ? quantileAt(peak, policy.quantile) : Math.max(...stepQuantiles);
  const contended = steps.length > 0 && probability >= policy.minProbability;
  const firstPassing = stepQuantiles.findIndex((value) => value > limit);
  const onset = steps[firstPassing >= 0 ? firstPassing : chances.indexOf(likeliest)];
  const onsetAtMs = contended && onset !== undefined ? onset.atMs : null;
  const leadMs = onsetAtMs === null ? null : onsetAtMs - nowMs;
  return {
    metric: forecast.metric,
    contended,
    probability,
    quantile: policy.quantile,
    peakQuantileValue,
    limit,
    onsetAtMs,
    leadMs,
    leadSufficient: leadMs !== null && leadMs >= policy.minLeadMs,
  };
}

/** Contended before not; then the likelier; then the earlier. */
function mostAtRiskFirst(a: MetricAssessment, b: MetricAssessment): number {
  if (a.contended !== b.contended) return a.contended ? -1 : 1;
  return b.probability - a.probability || (a.onsetAtMs ?? 0) - (b.onsetAtMs ?? 0);
}
