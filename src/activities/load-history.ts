import { LOAD_ORIGIN } from '../domain/collected-metric';
import { LOAD_METRICS } from '../domain/forecast';
import { asLoads } from '../domain/load-on-grid';
import { DEFAULT_OVERLAP_MS } from '../domain/plan-collection';
import { collectMetrics, type CollectMetricsPorts } from './collect-metrics';
import type { MetricsPort } from './metrics-port';

/** Load of instances out of the history, which is brought up to date first: what was read once is not read again. */
export function createLoadHistory(ports: CollectMetricsPorts): Pick<MetricsPort, 'loadSeries'> {
  return {
    async loadSeries(instanceIds, { startAtMs, endAtMs, stepMs }) {
      const wanted = instanceIds.flatMap((instanceId) => LOAD_METRICS.map((metric) => ({ instanceId, metric })));
      const keys = wanted.map(({ instanceId, metric }) => ({ resource: instanceId, metric: LOAD_ORIGIN[metric].metric, stepMs }));
      await collectMetrics(ports, keys, { nowMs: endAtMs, historyMs: endAtMs - startAtMs, overlapMs: DEFAULT_OVERLAP_MS });
      const stored = await ports.history.read(keys, { startAtMs, endAtMs });
      return wanted.map(({ instanceId, metric }, i) => {
        const values = asLoads(metric, stored[i]?.values, stepMs);
        return { instanceId, metric, startAtMs, stepMs, values };
      });
    },
  };
}
