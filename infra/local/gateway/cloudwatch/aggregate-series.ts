import type { MetricSeries } from './metric-series';
import { BucketStatistics, type Statistic } from './statistic';

/** Start of a bucket in epoch milliseconds to its value, ascending; a bucket without data is absent. */
export type TimeSeries = ReadonlyMap<number, number>;

export interface BucketGrid {
  /** Start of the first bucket. Queries align it to the period; alarms slide it. */
  readonly originMs: number;
  readonly endMs: number;
  readonly periodMs: number;
}

/** The grid of a query: buckets start at multiples of the period, whatever StartTime says. */
export function alignedGrid(startMs: number, endMs: number, periodMs: number): BucketGrid {
  return { originMs: Math.floor(startMs / periodMs) * periodMs, endMs, periodMs };
}

/** Reduces all points of the given series on the grid to one value per bucket. */
export function aggregateSeries(series: readonly MetricSeries[], grid: BucketGrid, statistic: Statistic): TimeSeries {
  const buckets = new Map<number, BucketStatistics>();
  for (const one of series) {
    let current = Number.NaN;
    let bucket: BucketStatistics | undefined;
    one.visit(grid.originMs, grid.endMs, (atMs, sum, count, min, max) => {
      const start = grid.originMs + Math.floor((atMs - grid.originMs) / grid.periodMs) * grid.periodMs;
      if (start !== current || bucket === undefined) {
        current = start;
        bucket = buckets.get(start);
        if (bucket === undefined) buckets.set(start, (bucket = new BucketStatistics(statistic)));
      }
      bucket.add(sum, count, min, max);
    });
  }
  // Only several units of one metric can interleave; a single series already comes in time order.
  const starts = [...buckets.keys()];
  if (series.length > 1) starts.sort((a, b) => a - b);
  const result = new Map<number, number>();
  for (const start of starts) {
    const value = buckets.get(start)?.result();
    if (value !== undefined) result.set(start, value);
  }
  return result;
}
