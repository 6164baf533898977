import { boundsOf } from '../../../domain/forecast';
import type { MetricsPort } from '../../../activities/metrics-port';
import type { LoadMetric } from '../../../domain/forecast';
import type { LoadSeries } from '../../../forecasting/load-series';
import { withoutLeadingGap } from '../../../forecasting/load-series';

/** CloudWatch keeps values of less than five minutes for 15 days; what the rules look back is two weeks. */
const HISTORY_MS = 14 * 86_400_000;

export interface InstanceHistoryOptions {
  readonly instanceId: string;
  readonly metric: LoadMetric;
  readonly stepMs: number;
  readonly nowMs: number;
}

/**
 * Two weeks of one metric of an instance, up to the last complete step, from its first value on.
 *
 * @throws Error where the metric has no value in that time
 */
export async function readInstanceHistory(metrics: MetricsPort, { instanceId, metric, stepMs, nowMs }: InstanceHistoryOptions): Promise<LoadSeries> {
  const endAtMs = Math.floor(nowMs / stepMs) * stepMs;
  const steps = Math.floor(HISTORY_MS / stepMs);
  const all = await metrics.loadSeries([instanceId], { startAtMs: endAtMs - steps * stepMs, endAtMs, stepMs });
  const found = all.find((one) => one.metric === metric);
  if (found === undefined || !found.values.some((value) => value !== null)) {
    throw new Error(`${instanceId}: CloudWatch has no ${metric} of the last 14 days; expected the id of an instance that runs in this region and publishes it`);
  }
  return withoutLeadingGap({ id: `${instanceId}/${metric}`, startAtMs: found.startAtMs, stepMs, values: found.values, bounds: boundsOf(metric) });
}
