import type { CloudWatchClient, MetricDataQuery, MetricDataResult } from '@aws-sdk/client-cloudwatch';
import type { MetricsPort } from '../../activities/metrics-port';
import { LOAD_ORIGIN } from '../../domain/collected-metric';
import { LOAD_METRICS } from '../../domain/forecast';
import { loadOnGrid } from '../../domain/load-on-grid';
import type { TrafficSample } from '../../domain/ramp-verdict';
import { createMetricSource } from './metric-source';
import { readMetricData } from './read-metric-data';
import { dimensionOf } from './resource-dimension';

/** CloudWatch. `balancerPeriodSeconds`: ELBv2 publishes every 60 s; the local cloud every second. */
export function createMetrics(cloudwatch: CloudWatchClient, config: { readonly balancerPeriodSeconds: number }): MetricsPort {
  const source = createMetricSource(cloudwatch);
  return {
    async loadSeries(instanceIds, { startAtMs, endAtMs, stepMs }) {
      const wanted = instanceIds.flatMap((instanceId) => LOAD_METRICS.map((metric) => ({ instanceId, metric })));
      const keys = wanted.map(({ instanceId, metric }) => ({ resource: instanceId, metric: LOAD_ORIGIN[metric].metric, stepMs }));
      const { series } = await source.readWindow({ keys, startAtMs, endAtMs, stepMs });
      return wanted.map(({ instanceId, metric }, i) => ({ instanceId, metric, startAtMs, stepMs, values: loadOnGrid(metric, series[i]?.points ?? [], { startAtMs, endAtMs, stepMs }) }));
    },
    async trafficOf(targetGroupArn, loadBalancerArn, fromMs, toMs) {
      const periodMs = config.balancerPeriodSeconds * 1000;
      const startMs = Math.ceil(fromMs / periodMs) * periodMs;
      const endMs = Math.floor(toMs / periodMs) * periodMs;
      const dimensions = { LoadBalancer: dimensionOf(loadBalancerArn, 'loadbalancer/'), TargetGroup: dimensionOf(targetGroupArn, '') };
      const query = (id: string, metric: string, stat: string): MetricDataQuery => ({
        Id: id,
        MetricStat: {
          Metric: { Namespace: 'AWS/ApplicationELB', MetricName: metric, Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })) },
          Period: config.balancerPeriodSeconds,
          Stat: stat,
        },
      });
      if (endMs <= startMs) return { requests: 0, errors: 0, p50Ms: null, p99Ms: null };
      const results = await readMetricData(
        cloudwatch,
        [
          query('requests', 'RequestCount', 'Sum'),
          query('errors', 'HTTPCode_Target_5XX_Count', 'Sum'),
          query('unreached', 'TargetConnectionErrorCount', 'Sum'),
          query('p50', 'TargetResponseTime', 'p50'),
          query('p99', 'TargetResponseTime', 'p99'),
        ],
        startMs,
        endMs,
      );
      return sampleOf(results);
    },
  };
}

/** Sums add up over periods; percentiles do not: the median over periods, weighted by their requests, stands for them. */
function sampleOf(results: readonly MetricDataResult[]): TrafficSample {
  const byTime = (id: string): Map<number, number> =>
    new Map(results.filter((result) => result.Id === id).flatMap((result) => (result.Timestamps ?? []).map((timestamp, i) => [timestamp.getTime(), result.Values?.[i] ?? 0] as const)));
  const requests = byTime('requests');
  const sum = (series: Map<number, number>): number => [...series.values()].reduce((total, value) => total + value, 0);
  const secondsToMs = (seconds: number | null): number | null => (seconds === null ? null : seconds * 1000);
  return {
    requests: sum(requests),
    errors: sum(byTime('errors')) + sum(byTime('unreached')),
    p50Ms: secondsToMs(weightedMedian(byTime('p50'), requests)),
    p99Ms: secondsToMs(weightedMedian(byTime('p99'), requests)),
  };
}

function weightedMedian(values: ReadonlyMap<number, number>, weights: ReadonlyMap<number, number>): number | null {
  const entries = [...values].map(([at, value]) => ({ value, weight: weights.get(at) ?? 0 })).toSorted((a, b) => a.value - b.value);
  const half = entries.reduce((total, entry) => total + entry.weight, 0) / 2;
  let seen = 0;
  for (const entry of entries) {
    seen += entry.weight;
    if (seen >= half) return entry.value;
  }
  return null;
}
