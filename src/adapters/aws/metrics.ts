import { paginateGetMetricData } from '@aws-sdk/client-cloudwatch';
import type { CloudWatchClient, MetricDataQuery, MetricDataResult } from '@aws-sdk/client-cloudwatch';
import type { MetricSeries, MetricsPort } from '../../activities/metrics-port';
import type { LoadMetric } from '../../domain/forecast';
import { LOAD_METRICS } from '../../domain/forecast';
import type { TrafficSample } from '../../domain/ramp-verdict';
import { callAws } from './translate-error';

/** GetMetricData takes at most 500 queries a call. */
const QUERIES_A_CALL = 500;

const SOURCES: Readonly<Record<LoadMetric, { namespace: string; metric: string; stat: string; perSecond: boolean }>> = {
  cpuPercent: { namespace: 'AWS/EC2', metric: 'CPUUtilization', stat: 'Average', perSecond: false },
  memoryPercent: { namespace: 'CWAgent', metric: 'mem_used_percent', stat: 'Average', perSecond: false },
  networkBytesPerSecond: { namespace: 'AWS/EC2', metric: 'NetworkOut', stat: 'Sum', perSecond: true },
};

/** CloudWatch. `balancerPeriodSeconds`: ELBv2 publishes every 60 s; the local cloud every second. */
export function createMetrics(cloudwatch: CloudWatchClient, config: { readonly balancerPeriodSeconds: number }): MetricsPort {
  const read = async (queries: MetricDataQuery[], startMs: number, endMs: number): Promise<MetricDataResult[]> =>
    callAws('read metrics', async () => {
      const results: MetricDataResult[] = [];
      const range = { StartTime: new Date(startMs), EndTime: new Date(endMs), ScanBy: 'TimestampAscending' as const };
      for (let at = 0; at < queries.length; at += QUERIES_A_CALL) {
        for await (const page of paginateGetMetricData({ client: cloudwatch }, { ...range, MetricDataQueries: queries.slice(at, at + QUERIES_A_CALL) })) {
          results.push(...(page.MetricDataResults ?? []));
        }
      }
      return results;
    });

  return {
    async loadSeries(instanceIds, { startAtMs, endAtMs, stepMs }) {
      const wanted = instanceIds.flatMap((instanceId) => LOAD_METRICS.map((metric) => ({ instanceId, metric })));
      const queries = wanted.map(({ instanceId, metric }, i) => loadQuery(`m${i}`, instanceId, metric, stepMs));
      const results = await read(queries, startAtMs, endAtMs);
      return wanted.map(({ instanceId, metric }, i) => gridSeries(instanceId, metric, results.filter((result) => result.Id === `m${i}`), { startAtMs, endAtMs, stepMs }));
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
      const results = await read(
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

function loadQuery(id: string, instanceId: string, metric: LoadMetric, stepMs: number): MetricDataQuery {
  const source = SOURCES[metric];
  return {
    Id: id,
    MetricStat: {
      Metric: { Namespace: source.namespace, MetricName: source.metric, Dimensions: [{ Name: 'InstanceId', Value: instanceId }] },
      Period: stepMs / 1000,
      Stat: source.stat,
    },
  };
}

function gridSeries(instanceId: string, metric: LoadMetric, pages: readonly MetricDataResult[], range: { startAtMs: number; endAtMs: number; stepMs: number }): MetricSeries {
  const values = new Array<number | null>(Math.round((range.endAtMs - range.startAtMs) / range.stepMs)).fill(null);
  const divisor = SOURCES[metric].perSecond ? range.stepMs / 1000 : 1;
  for (const page of pages) {
    for (const [i, timestamp] of (page.Timestamps ?? []).entries()) {
      const at = Math.round((timestamp.getTime() - range.startAtMs) / range.stepMs);
      const value = page.Values?.[i];
      if (at >= 0 && at < values.length && value !== undefined) values[at] = value / divisor;
    }
  }
  return { instanceId, metric, startAtMs: range.startAtMs, stepMs: range.stepMs, values };
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

/** `...:targetgroup/name/id` -> `targetgroup/name/id`; `...:loadbalancer/app/name/id` -> `app/name/id`. */
function dimensionOf(arn: string, prefix: string): string {
  const resource = arn.split(':').at(-1) ?? arn;
  return resource.startsWith(prefix) ? resource.slice(prefix.length) : resource;
}
