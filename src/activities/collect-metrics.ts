import type { SeriesKey } from '../domain/collected-metric';
import { collectionCostUsd, planCollection, type CollectionPolicy } from '../domain/plan-collection';
import type { MetricHistoryStore, MetricSourcePort } from './metric-history-port';

export interface CollectMetricsPorts {
  readonly source: MetricSourcePort;
  readonly history: MetricHistoryStore;
}

/** What a collection brought. */
export interface CollectionReport {
  readonly series: number;
  /** Steps that have a value now and had none, or another one. */
  readonly newValues: number;
  /** Series that never had a value: the metric is not published. That is a finding, not an error. */
  readonly absent: readonly SeriesKey[];
  readonly metricsRequested: number;
  readonly costUsd: number;
}

/**
 * Brings the history of series up to date: asks for what is missing alone. Each window is kept before the next is asked for, so that a repetition after a
 * failure goes on where it ended.
 *
 * @param onWindow called after each window with how many of all are done
 */
export async function collectMetrics(
  { source, history }: CollectMetricsPorts,
  keys: readonly SeriesKey[],
  policy: CollectionPolicy,
  onWindow: (done: number, of: number) => void = () => undefined,
): Promise<CollectionReport> {
  const coverage = await history.coverage(keys);
  const known = keys.flatMap((key, i) => {
    const of = coverage[i];
    return of === undefined ? [] : [{ key, coverage: of }];
  });
  const silent = new Set(known.filter((one) => one.coverage.lastAtMs === null).map(({ key }) => key));
  const windows = planCollection(known, policy);
  let newValues = 0;
  let metricsRequested = 0;
  for (const [done, window] of windows.entries()) {
    const found = await source.readWindow(window);
    newValues += await history.append(found.series, window.startAtMs);
    metricsRequested += found.metricsRequested;
    for (const { key, points } of found.series) if (points.length > 0) silent.delete(key);
    onWindow(done + 1, windows.length);
  }
  return { series: keys.length, newValues, absent: [...silent], metricsRequested, costUsd: collectionCostUsd(metricsRequested) };
}
