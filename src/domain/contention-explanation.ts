import type { ContentionPolicy, MetricAssessment } from './contention-assessment';
import { unitOf, type LoadMetric } from './forecast';

const NAMES: Readonly<Record<LoadMetric, string>> = { cpuPercent: 'CPU', memoryPercent: 'memory', networkBytesPerSecond: 'network' };

/** The sentence for a metric that cannot be judged. */
export function describeMissing(metric: LoadMetric, reason: string): string {
  return `${capitalize(NAMES[metric])} is not judged: ${reason}.`;
}

/** The sentence that says why a metric is contended, or why not. `coveredMs` is how far the forecast reaches beyond now. */
export function describeContention(assessment: MetricAssessment, policy: ContentionPolicy, coveredMs: number): string {
  const { metric, limit, probability, quantile, peakQuantileValue, leadMs } = assessment;
  const name = NAMES[metric];
  const lookMs = Math.min(policy.horizonMs, coveredMs);
  const shortened = coveredMs < policy.horizonMs ? ` (its forecast ends there, before the ${duration(policy.horizonMs)} asked for)` : '';
  const chance = `${capitalize(name)} passes its limit of ${amount(metric, limit)} within ${duration(lookMs)}${shortened} with probability ${ratio(probability)}`;
  const peak = `the ${ratio(quantile)} quantile of its peak is ${amount(metric, peakQuantileValue)}`;
  if (!assessment.contended) return `${chance}, below the ${ratio(policy.minProbability)} that counts as contention; ${peak}.`;
  const lead = leadMs === null ? '' : ` It is expected in ${duration(leadMs)}${leadNote(assessment, policy)}.`;
  return `${chance}, at or above the ${ratio(policy.minProbability)} that counts as contention; ${peak}.${lead}`;
}

function leadNote(assessment: MetricAssessment, policy: ContentionPolicy): string {
  return assessment.leadSufficient ? '' : `, sooner than the ${duration(policy.minLeadMs)} that acting takes`;
}

function amount(metric: LoadMetric, value: number): string {
  if (unitOf(metric) === 'percent') return `${value.toFixed(1)} %`;
  return value >= 1e6 ? `${(value / 1e6).toFixed(2)} MB/s` : `${Math.round(value)} B/s`;
}

function duration(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 120) return `${minutes} min`;
  return `${Number((ms / 3_600_000).toFixed(1))} h`;
}

function ratio(value: number): string {
  return String(Number(value.toFixed(3)));
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
