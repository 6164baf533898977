import type { MetricSink, MetricWrite } from '../ports';
import type { LoadTraces } from './load-traces';
import { readGroupUsage, type GroupUsage } from './process-usage';

export interface PublisherOptions {
  readonly sink: MetricSink;
  readonly traces: LoadTraces;
  /** Ids of the instances that run now. */
  readonly running: () => readonly string[];
  readonly processGroups: ReadonlyMap<string, number>;
  readonly everyMs?: number | undefined;
  /** How much of a real core is 100 % CPU of an instance. */
  readonly coresPerInstance?: number | undefined;
  readonly memoryBytes?: number | undefined;
}

interface Sample {
  readonly atMs: number;
  readonly group: number;
  readonly usage: GroupUsage;
}

/** Metrics of the CloudWatch agent; all others are EC2's own. */
const AGENT_METRICS = new Set(['mem_used_percent', 'disk_used_percent', 'swap_used_percent']);
const UNITS: Readonly<Record<string, string>> = { CPUUtilization: 'Percent', NetworkIn: 'Bytes', NetworkOut: 'Bytes', mem_used_percent: 'Percent' };

/** Publishes the load of every running instance again and again; returns the stop. */
export function startMetricPublisher(options: PublisherOptions): () => void {
  const { sink, traces, running, processGroups, everyMs = 1000 } = options;
  let samples = new Map<string, Sample>();
  let busy = false;

  const publish = async (): Promise<void> => {
    const usage = await readGroupUsage(new Set(processGroups.values()));
    const atMs = Date.now();
    const next = new Map<string, Sample>();
    const writes: MetricWrite[] = [];
    for (const instanceId of running()) {
      const group = processGroups.get(instanceId);
      const current = group === undefined ? undefined : usage.get(group);
      const values = new Map<string, number>();
      if (group !== undefined && current) {
        const sample = { atMs, group, usage: current };
        next.set(instanceId, sample);
        const before = samples.get(instanceId);
        if (before?.group === group) measure(before, sample, options, values);
      } else {
        // Nothing runs in it: the machine is idle, not unknown.
        for (const metric of Object.keys(UNITS)) values.set(metric, 0);
      }
      for (const [metric, value] of traces.valuesAt(instanceId, atMs)) values.set(metric, value);
      for (const [metric, value] of values) writes.push(writeOf(instanceId, metric, value, atMs));
    }
    samples = next;
    if (writes.length > 0) sink.put(writes);
  };

  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    publish()
      // A process can end between two reads of /proc; the next tick measures again.
      .catch(() => undefined)
      .finally(() => (busy = false));
  }, everyMs);
  return () => clearInterval(timer);
}

function measure(before: Sample, now: Sample, options: PublisherOptions, values: Map<string, number>): void {
  const seconds = (now.atMs - before.atMs) / 1000;
  if (seconds <= 0) return;
  // A process that ended takes its totals with it, so that a difference can be negative.
  const rate = (field: 'cpuSeconds' | 'readBytes' | 'writtenBytes'): number =>
    Math.max(0, now.usage[field] - before.usage[field]) / seconds;
  values.set('CPUUtilization', Math.min(100, (100 * rate('cpuSeconds')) / (options.coresPerInstance ?? 0.25)));
  values.set('NetworkIn', rate('readBytes'));
  values.set('NetworkOut', rate('writtenBytes'));
  const memoryBytes = options.memoryBytes ?? 256 * 1024 * 1024;
  values.set('mem_used_percent', Math.min(100, (100 * now.usage.residentBytes) / memoryBytes));
}

function writeOf(instanceId: string, metric: string, value: number, atMs: number): MetricWrite {
  const namespace = AGENT_METRICS.has(metric) ? 'CWAgent' : 'AWS/EC2';
  const unit = UNITS[metric];
  const write = { namespace, metric, dimensions: { InstanceId: instanceId }, atMs, values: [value] };
  return unit === undefined ? write : { ...write, unit };
}
