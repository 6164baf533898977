import type { MetricSink, MetricWrite } from '../ports';
import { MetricSeries } from './metric-series';

export const RETENTION_MS = 15 * 24 * 3600 * 1000;
const SWEEP_EVERY_MS = 60_000;
const NO_UNIT = 'None';

export interface StoredMetric {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** AWS keeps values of different units apart; a query without a unit sees all of them. */
  readonly units: Map<string, MetricSeries>;
}

/** A pre-aggregated point as PutMetricData's StatisticValues carries it. */
export interface StatisticSet {
  readonly sum: number;
  readonly count: number;
  readonly minimum: number;
  readonly maximum: number;
}

/** All metric data of the local cloud, in memory, forgotten after fifteen days like AWS's finest resolution of 1 minute. */
export class MetricStore implements MetricSink {
  private readonly metrics = new Map<string, StoredMetric>();
  private sweptAtMs = 0;

  constructor(private readonly now: () => number = Date.now) {}

  put(writes: readonly MetricWrite[]): void {
    for (const write of writes) {
      const series = this.series(write.namespace, write.metric, write.dimensions, write.unit ?? NO_UNIT);
      write.values.forEach((value, index) => {
        const count = write.counts?.[index] ?? 1;
        if (count > 0) series.add(write.atMs, value * count, count, value, value);
      });
    }
    this.sweep();
  }

  putStatisticSet(write: Omit<MetricWrite, 'values' | 'counts'>, set: StatisticSet): void {
    const series = this.series(write.namespace, write.metric, write.dimensions, write.unit ?? NO_UNIT);
    series.add(write.atMs, set.sum, set.count, set.minimum, set.maximum);
    this.sweep();
  }

  /** The series a query reads: one per unit, or only the one of `unit`. Empty when the metric doesn't exist. */
  find(namespace: string, metric: string, dimensions: Readonly<Record<string, string>>, unit?: string): readonly MetricSeries[] {
    const stored = this.metrics.get(keyOf(namespace, metric, dimensions));
    if (stored === undefined) return [];
    if (unit === undefined) return [...stored.units.values()];
    const series = stored.units.get(unit);
    return series === undefined ? [] : [series];
  }

  /** Every metric in a stable order, which is what lets ListMetrics page by position. */
  list(): readonly StoredMetric[] {
    return [...this.metrics.values()];
  }

  private series(namespace: string, metric: string, dimensions: Readonly<Record<string, string>>, unit: string): MetricSeries {
    const key = keyOf(namespace, metric, dimensions);
    let stored = this.metrics.get(key);
    if (stored === undefined) {
      stored = { namespace, metric, dimensions: { ...dimensions }, units: new Map() };
      this.metrics.set(key, stored);
    }
    let series = stored.units.get(unit);
    if (series === undefined) {
      series = new MetricSeries();
      stored.units.set(unit, series);
    }
    return series;
  }

  private sweep(): void {
    const now = this.now();
    if (now - this.sweptAtMs < SWEEP_EVERY_MS) return;
    this.sweptAtMs = now;
    for (const [key, stored] of this.metrics) {
      for (const [unit, series] of stored.units) {
        series.dropBefore(now - RETENTION_MS);
        if (series.length === 0) stored.units.delete(unit);
      }
      if (stored.units.size === 0) this.metrics.delete(key);
    }
  }
}

function keyOf(namespace: string, metric: string, dimensions: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(dimensions).map(([name, value]) => `${name}\u0001${value}`);
  return [namespace, metric, ...pairs.sort()].join('\u0000');
}
