import type { CloudWatchClient, Dimension, MetricDataQuery, MetricDataResult } from '@aws-sdk/client-cloudwatch';
import type { MetricSourcePort, SeriesPoints } from '../../activities/metric-history-port';
import { businessFailure } from '../../contracts/errors';
import { trafficArns, type CollectedMetric, type SeriesKey } from '../../domain/collected-metric';
import { readMetricData } from './read-metric-data';
import { dimensionOf } from './resource-dimension';

interface Origin {
  readonly namespace: string;
  readonly name: string;
  readonly statistic: 'Average' | 'Sum';
}

const ec2 = (name: string, statistic: Origin['statistic']): Origin => ({ namespace: 'AWS/EC2', name, statistic });

/** Where each metric comes from. Disks are counted in two places: EBS volumes of Nitro instances, and instance stores; what both say adds up. */
const ORIGINS: Readonly<Record<CollectedMetric, readonly Origin[]>> = {
  cpuPercent: [ec2('CPUUtilization', 'Average')],
  memoryPercent: [{ namespace: 'CWAgent', name: 'mem_used_percent', statistic: 'Average' }],
  networkInBytes: [ec2('NetworkIn', 'Sum')],
  networkOutBytes: [ec2('NetworkOut', 'Sum')],
  diskReadOps: [ec2('EBSReadOps', 'Sum'), ec2('DiskReadOps', 'Sum')],
  diskWriteOps: [ec2('EBSWriteOps', 'Sum'), ec2('DiskWriteOps', 'Sum')],
  cpuCreditBalance: [ec2('CPUCreditBalance', 'Average')],
  requests: [{ namespace: 'AWS/ApplicationELB', name: 'RequestCount', statistic: 'Sum' }],
};

/** CloudWatch as the source of the metric history. */
export function createMetricSource(cloudwatch: CloudWatchClient): MetricSourcePort {
  return {
    async readWindow({ keys, stepMs, startAtMs, endAtMs }) {
      const queries = keys.flatMap((key, k) => ORIGINS[key.metric].map((origin, o) => queryOf(`s${k}_${o}`, key, origin, stepMs)));
      const results = await readMetricData(cloudwatch, queries, startAtMs, endAtMs);
      const byKey = keys.map((): MetricDataResult[] => []);
      for (const result of results) byKey[Number(/^s(\d+)_/.exec(result.Id ?? '')?.[1])]?.push(result);
      return { series: keys.map((key, k) => ({ key, points: pointsOf(byKey[k] ?? [], { startAtMs, endAtMs }) })), metricsRequested: queries.length };
    },
  };
}

function queryOf(id: string, key: SeriesKey, origin: Origin, stepMs: number): MetricDataQuery {
  return {
    Id: id,
    MetricStat: {
      Metric: { Namespace: origin.namespace, MetricName: origin.name, Dimensions: dimensionsOf(key) },
      Period: stepMs / 1000,
      Stat: origin.statistic,
    },
  };
}

function dimensionsOf({ resource, metric }: SeriesKey): Dimension[] {
  if (metric !== 'requests') return [{ Name: 'InstanceId', Value: resource }];
  const arns = trafficArns(resource);
  if (arns === null) throw businessFailure('InvalidInput', `resource: expected a target group and its balancer for the metric requests, got ${resource}`);
  return [
    { Name: 'TargetGroup', Value: dimensionOf(arns.targetGroupArn, '') },
    { Name: 'LoadBalancer', Value: dimensionOf(arns.loadBalancerArn, 'loadbalancer/') },
  ];
}

/** Values in the order of time. A bucket at the edge may begin outside of the range that was asked for. */
function pointsOf(results: readonly MetricDataResult[], { startAtMs, endAtMs }: { readonly startAtMs: number; readonly endAtMs: number }): SeriesPoints['points'] {
  const byTime = new Map<number, number>();
  for (const { Timestamps = [], Values = [] } of results) {
    Timestamps.forEach((timestamp, i) => {
      const atMs = timestamp.getTime();
      const value = Values[i];
      if (value !== undefined && Number.isFinite(value) && atMs >= startAtMs && atMs < endAtMs) byTime.set(atMs, (byTime.get(atMs) ?? 0) + value);
    });
  }
  return [...byTime].map(([atMs, value]) => ({ atMs, value })).toSorted((a, b) => a.atMs - b.atMs);
}
