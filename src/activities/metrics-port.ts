import type { LoadMetric } from '../domain/forecast';
import type { LatencyQuantiles, LatencyThresholds, TrafficInterval } from '../domain/judge/traffic-interval';

/** A regular series; null where nothing was measured. */
export interface MetricSeries {
  readonly instanceId: string;
  readonly metric: LoadMetric;
  readonly startAtMs: number;
  readonly stepMs: number;
  readonly values: readonly (number | null)[];
}

/** Two groups behind one load balancer. */
export interface BalancedGroups {
  readonly loadBalancerArn: string;
  readonly sourceGroupArn: string;
  readonly shadowGroupArn: string;
}

export interface MetricsPort {
  /** Load of the instances in complete buckets of `stepMs` before `endAtMs`. */
  loadSeries(instanceIds: readonly string[], range: { readonly startAtMs: number; readonly endAtMs: number; readonly stepMs: number }): Promise<readonly MetricSeries[]>;
  /** What the balancer saw of both groups, interval by interval, in all whole ones between two times; without traffic they are there with zeros. */
  trafficIntervals(of: BalancedGroups, range: { readonly fromMs: number; readonly toMs: number }, thresholds: LatencyThresholds): Promise<readonly TrafficInterval[]>;
  /** Requests of one group in the last whole interval between two times; null where there is no whole one. */
  lastRequests(of: Pick<BalancedGroups, 'loadBalancerArn'> & { readonly targetGroupArn: string }, range: { readonly fromMs: number; readonly toMs: number }): Promise<number | null>;
  /** How long one group's answers took, at `LATENCY_QUANTILES`: of each, the median over the intervals by their answers. */
  latencyQuantiles(of: Pick<BalancedGroups, 'loadBalancerArn'> & { readonly targetGroupArn: string }, range: { readonly fromMs: number; readonly toMs: number }): Promise<LatencyQuantiles>;
}
