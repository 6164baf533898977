import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { MetricsPort } from '../../activities/metrics-port';
import { LOAD_ORIGIN } from '../../domain/collected-metric';
import { LOAD_METRICS } from '../../domain/forecast';
import { loadOnGrid } from '../../domain/load-on-grid';
import { createMetricSource } from './metric-source';
import { createTrafficMetrics } from './traffic-metrics';

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
    ...createTrafficMetrics(cloudwatch, config.balancerPeriodSeconds),
  };
}
