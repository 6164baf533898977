import type { CloudWatchClient, MetricDataQuery, MetricDataResult } from '@aws-sdk/client-cloudwatch';
import type { MetricsPort } from '../../activities/metrics-port';
import { LATENCY_QUANTILES, type LatencyQuantiles, type SideCounts } from '../../domain/judge/traffic-interval';
import { readMetricData } from './read-metric-data';
import { dimensionOf } from './resource-dimension';

const NAMESPACE = 'AWS/ApplicationELB';

/**
 * What ELBv2 publishes of a target group, a period at a time. Answers slower than a threshold are a trimmed count, `TC(x:)`
 * (CloudWatch user guide, "Statistics definitions"): counts add up over periods and test exactly, percentiles do neither.
 */
export function createTrafficMetrics(cloudwatch: CloudWatchClient, periodSeconds: number): Pick<MetricsPort, 'trafficIntervals' | 'lastRequests' | 'latencyQuantiles'> {
  const periodMs = periodSeconds * 1000;
  const wholePeriods = ({ fromMs, toMs }: { fromMs: number; toMs: number }): number[] => {
    const first = Math.ceil(fromMs / periodMs);
    return Array.from({ length: Math.max(0, Math.floor(toMs / periodMs) - first) }, (_, i) => (first + i) * periodMs);
  };
  const readByPeriod = async (queries: readonly MetricDataQuery[], periods: readonly number[]): Promise<Map<string, Map<number, number>>> => {
    const [first, last] = [periods[0], periods.at(-1)];
    return first === undefined || last === undefined ? new Map() : byPeriod(await readMetricData(cloudwatch, queries, first, last + periodMs));
  };
  return {
    async trafficIntervals({ loadBalancerArn, sourceGroupArn, shadowGroupArn }, range, { sourceMs, shadowMs }) {
      const periods = wholePeriods(range);
      const side = (name: string, arn: string, thresholdsMs: readonly number[]): MetricDataQuery[] => countQueries(groupQuery(loadBalancerArn, arn, periodSeconds), name, thresholdsMs);
      const found = await readByPeriod([...side('source', sourceGroupArn, sourceMs), ...side('shadow', shadowGroupArn, shadowMs)], periods);
      const countsAt = (name: string, at: number, thresholds: number): SideCounts => {
        const value = (id: string): number => found.get(`${name}_${id}`)?.get(at) ?? 0;
        return { requests: value('requests'), errors: value('errors') + value('unreached'), answers: value('answers'), slower: Array.from({ length: thresholds }, (_, i) => value(`slower${i}`)) };
      };
      return periods.map((fromMs) => ({ fromMs, toMs: fromMs + periodMs, source: countsAt('source', fromMs, sourceMs.length), shadow: countsAt('shadow', fromMs, shadowMs.length) }));
    },
    async lastRequests({ loadBalancerArn, targetGroupArn }, range) {
      const last = wholePeriods(range).slice(-1);
      if (last.length === 0) return null;
      const found = await readByPeriod([groupQuery(loadBalancerArn, targetGroupArn, periodSeconds)('requests', 'RequestCount', 'Sum')], last);
      return last.reduce((sum, at) => sum + (found.get('requests')?.get(at) ?? 0), 0);
    },
    async latencyQuantiles({ loadBalancerArn, targetGroupArn }, range) {
      const query = groupQuery(loadBalancerArn, targetGroupArn, periodSeconds);
      const quantiles = LATENCY_QUANTILES.map((quantile, i) => query(`q${i}`, 'TargetResponseTime', `p${Number((quantile * 100).toFixed(2))}`));
      const found = await readByPeriod([query('answers', 'TargetResponseTime', 'SampleCount'), ...quantiles], wholePeriods(range));
      const answers = found.get('answers') ?? new Map<number, number>();
      const medians = LATENCY_QUANTILES.map((_, i) => weightedMedian(found.get(`q${i}`) ?? new Map(), answers));
      return medians.every((seconds) => seconds !== null) ? rising(medians.map((seconds) => seconds * 1000)) : null;
    },
  };
}

type GroupQuery = (id: string, metric: string, stat: string) => MetricDataQuery;

function groupQuery(loadBalancerArn: string, targetGroupArn: string, periodSeconds: number): GroupQuery {
  const dimensions = { LoadBalancer: dimensionOf(loadBalancerArn, 'loadbalancer/'), TargetGroup: dimensionOf(targetGroupArn, '') };
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  return (id, metric, stat) => ({ Id: id, MetricStat: { Metric: { Namespace: NAMESPACE, MetricName: metric, Dimensions }, Period: periodSeconds, Stat: stat } });
}

function countQueries(query: GroupQuery, side: string, thresholdsMs: readonly number[]): MetricDataQuery[] {
  return [
    query(`${side}_requests`, 'RequestCount', 'Sum'),
    query(`${side}_errors`, 'HTTPCode_Target_5XX_Count', 'Sum'),
    query(`${side}_unreached`, 'TargetConnectionErrorCount', 'Sum'),
    query(`${side}_answers`, 'TargetResponseTime', 'SampleCount'),
    ...thresholdsMs.map((ms, i) => query(`${side}_slower${i}`, 'TargetResponseTime', `TC(${(ms / 1000).toFixed(6)}:)`)),
  ];
}

function byPeriod(results: readonly MetricDataResult[]): Map<string, Map<number, number>> {
  const found = new Map<string, Map<number, number>>();
  for (const { Id = '', Timestamps = [], Values = [] } of results) {
    const values = found.get(Id) ?? new Map<number, number>();
    Timestamps.forEach((timestamp, i) => values.set(timestamp.getTime(), Values[i] ?? 0));
    found.set(Id, values);
  }
  return found;
}

/** Percentiles do not add up over periods: the median over periods, weighted by their answers, stands for them. */
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

/** Medians of several quantiles may cross where a period has few answers. */
function rising(quantiles: readonly number[]): LatencyQuantiles {
  return quantiles.map((_, i) => Math.max(...quantiles.slice(0, i + 1)));
}
