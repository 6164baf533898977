import { LOAD_METRICS, type ForecastsByMetric, type LoadMetric } from '../../forecast';
import { quantileAt } from '../../quantile-function';
import type { AdjustmentPolicy } from './adjustment-policy';
import { learnFromError, type AdjustmentState } from './adjustment-state';
import type { ObservedUse } from './decide-adjustment';

/** What was forecast for the time until the next decisions: one upper quantile a step, small enough for a workflow to remember. */
export interface ExpectedUse {
  readonly issuedAtMs: number;
  readonly stepMs: number;
  /** By metric, the quantile of each step after the issue. */
  readonly quantiles: Partial<Record<LoadMetric, readonly number[]>>;
}

/** So many steps are remembered: an hour of 5-minute values. */
const STEPS = 12;

/** The quantile at `level` (0..1) of the first steps of forecasts that were issued together; null where there are none. */
export function expectedUse(forecasts: ForecastsByMetric, level: number): ExpectedUse | null {
  const known = LOAD_METRICS.flatMap((metric) => forecasts[metric] ?? []);
  const [first] = known;
  if (first === undefined) return null;
  const quantiles = Object.fromEntries(known.map(({ metric, levels, quantiles: rows }) => [metric, rows.slice(0, STEPS).map((values) => quantileAt({ levels, values }, level))]));
  return { issuedAtMs: first.issuedAtMs, stepMs: first.stepMs, quantiles };
}

/** Learns from everything that was measured since a forecast was made; values of before it, or beyond what is remembered of it, teach nothing. */
export function learnFromUse(state: AdjustmentState, { issuedAtMs, stepMs, quantiles }: ExpectedUse, observed: readonly ObservedUse[], { errorLevel, errorRate }: AdjustmentPolicy): AdjustmentState {
  return observed.reduce((so, { atMs, cpuPercent, memoryPercent }) => {
    // A forecast is issued at the beginning of the last step that it knows; a measured value stands at the end of its own.
    const step = Math.round((atMs - issuedAtMs) / stepMs) - 2;
    const seen: Partial<Record<LoadMetric, number | null>> = { cpuPercent, memoryPercent };
    return LOAD_METRICS.reduce((known, metric) => {
      const [value, quantile] = [seen[metric] ?? null, quantiles[metric]?.[step]];
      return value === null || quantile === undefined ? known : learnFromError(known, metric, { value, quantile }, errorLevel, errorRate);
    }, so);
  }, state);
}
