import type { LoadMetric } from '../domain/forecast';
import type { TrafficSample } from '../domain/ramp-verdict';

/** A regular series; null where nothing was measured. */
export interface MetricSeries {
  readonly instanceId: string;
  readonly metric: LoadMetric;
  readonly startAtMs: number;
  readonly stepMs: number;
  readonly values: readonly (number | null)[];
}

export interface MetricsPort {
  /** Load of the instances in complete buckets of `stepMs` before `endAtMs`. */
  loadSeries(instanceIds: readonly string[], range: { readonly startAtMs: number; readonly endAtMs: number; readonly stepMs: number }): Promise<readonly MetricSeries[]>;
  /** What the balancer saw of one group between two times. */
  trafficOf(targetGroupArn: string, loadBalancerArn: string, fromMs: number, toMs: number): Promise<TrafficSample>;
}
