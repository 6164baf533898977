import { PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { CloudWatchClient, MetricDatum } from '@aws-sdk/client-cloudwatch';
import type { LoadMetric } from '../../../src/domain/forecast';
import { control } from './control-client';
import type { DemoFleet, FleetInstance } from './demo-fleet';
import type { DemoScene } from './demo-scene';
import { STEP_MS } from './demo-scene';
import { generateHistory } from './history-generator';
import type { LoadProfileName } from './load-profiles';

/** PutMetricData takes 1,000 data a call. */
const DATA_A_CALL = 1_000;
const HISTORY_STEPS = 14 * 288;
const FUTURE_STEPS = 36;

/** How each metric is named in CloudWatch, and what one five-minute datum of it is. */
const METRICS: Readonly<Record<LoadMetric, { namespace: string; name: string; datum: (value: number) => number }>> = {
  cpuPercent: { namespace: 'AWS/EC2', name: 'CPUUtilization', datum: (percent) => percent },
  memoryPercent: { namespace: 'CWAgent', name: 'mem_used_percent', datum: (percent) => percent },
  // A sum of bytes over the five minutes.
  networkBytesPerSecond: { namespace: 'AWS/EC2', name: 'NetworkOut', datum: (bytesPerSecond) => (bytesPerSecond * STEP_MS) / 1000 },
};
const QUIET: readonly LoadProfileName[] = ['steady', 'night-batch', 'steady'];

/**
 * Two weeks of five-minute history for every instance, and the load of the next hours: two weeks cannot be lived through
 * in a demo, so each instance's published load follows its trace.
 */
export async function seedMetrics(endpoint: string, cloudwatch: CloudWatchClient, fleet: DemoFleet, hot: ReadonlySet<string>, scene: DemoScene): Promise<number> {
  const endAtMs = Math.floor(Date.now() / STEP_MS) * STEP_MS;
  // CloudWatch takes nothing older than two weeks; a minute is for the way there.
  const oldestMs = Date.now() - HISTORY_STEPS * STEP_MS + 60_000;
  let points = 0;
  const byNamespace = new Map<string, MetricDatum[]>();
  for (const [index, instance] of fleet.instances.entries()) {
    for (const metric of ['cpuPercent', 'memoryPercent', 'networkBytesPerSecond'] as const) {
      const { past, future } = loadOf(index, metric, hot.has(instance.name) ? scene : null, endAtMs);
      const { namespace, name, datum } = METRICS[metric];
      const data = byNamespace.get(namespace) ?? [];
      byNamespace.set(namespace, data);
      for (const [i, value] of past.entries()) {
        const atMs = endAtMs - (past.length - i) * STEP_MS;
        if (value === null || atMs < oldestMs) continue;
        points += 1;
        const Timestamp = new Date(atMs);
        data.push({ MetricName: name, Dimensions: [{ Name: 'InstanceId', Value: instance.instanceId }], Timestamp, Value: datum(value) });
      }
      await followTrace(endpoint, instance, name, endAtMs, future);
    }
  }
  for (const [namespace, data] of byNamespace) {
    for (let at = 0; at < data.length; at += DATA_A_CALL) {
      await cloudwatch.send(new PutMetricDataCommand({ Namespace: namespace, MetricData: data.slice(at, at + DATA_A_CALL) }));
    }
  }
  return points;
}

function loadOf(index: number, metric: LoadMetric, scene: DemoScene | null, endAtMs: number): { past: readonly (number | null)[]; future: readonly number[] } {
  if (scene !== null && metric === 'cpuPercent') return scene;
  const values = generateHistory({
    seed: 100 + index,
    profile: QUIET[index % QUIET.length] ?? 'steady',
    metric,
    startAtMs: endAtMs - HISTORY_STEPS * STEP_MS,
    stepMs: STEP_MS,
    points: HISTORY_STEPS + FUTURE_STEPS,
    fullScale: 20_000_000,
  });
  return { past: values.slice(0, HISTORY_STEPS), future: values.slice(HISTORY_STEPS) };
}

async function followTrace(endpoint: string, { instanceId }: FleetInstance, metric: string, startAtMs: number, values: readonly number[]): Promise<void> {
  await control(endpoint, 'PUT', `/_local/instances/${instanceId}/load`, { metric, startAtMs, periodSeconds: STEP_MS / 1000, values });
}
