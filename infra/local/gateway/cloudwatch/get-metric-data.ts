import { z } from 'zod';
import { AwsError } from '../operation';
import { alignedGrid, type TimeSeries } from './aggregate-series';
import { MetricQueries, type MetricDataQuery } from './metric-queries';
import type { MetricStore } from './metric-store';

const MAX_QUERIES = 500;
const MAX_DATAPOINTS = 100_800;

const requestShape = z.object({
  MetricDataQueries: z.array(z.unknown()).min(1),
  StartTime: z.number(),
  EndTime: z.number(),
  NextToken: z.string().nullish(),
  MaxDatapoints: z.number().int().positive().max(MAX_DATAPOINTS).nullish(),
  ScanBy: z.enum(['TimestampDescending', 'TimestampAscending']).nullish(),
});

/** Where the next page starts: result `series` of query `query`, after the timestamp `after`. */
const cursorShape = z.object({ query: z.number().int(), series: z.number().int(), after: z.number().nullable() });
type Cursor = z.infer<typeof cursorShape>;

interface DataResult {
  readonly Id: string;
  readonly Label: string;
  readonly Timestamps: number[];
  readonly Values: number[];
  StatusCode: 'Complete' | 'PartialData';
}

/**
 * GetMetricData, newest first unless asked otherwise. Pages continue after a timestamp, not at a position: points that
 * arrive between two pages neither repeat nor shift what follows.
 */
export function getMetricData(store: MetricStore, params: unknown): { MetricDataResults: DataResult[]; NextToken?: string; Messages: never[] } {
  const parsed = requestShape.safeParse(params);
  if (!parsed.success) throw new AwsError('ValidationError', `The parameter ${parsed.error.issues[0]?.path.join('.') ?? ''} is missing or invalid.`);
  const request = parsed.data;
  if (request.MetricDataQueries.length > MAX_QUERIES) {
    throw new AwsError('ValidationError', `The collection MetricDataQueries must not have a size greater than ${MAX_QUERIES}.`);
  }
  const startMs = request.StartTime * 1000;
  const endMs = request.EndTime * 1000;
  if (startMs >= endMs) throw new AwsError('ValidationError', 'The parameter StartTime must be less than the parameter EndTime.');

  const queries = new MetricQueries(store, request.MetricDataQueries, (periodMs) => alignedGrid(startMs, endMs, periodMs));
  const ascending = request.ScanBy === 'TimestampAscending';
  let room = request.MaxDatapoints ?? MAX_DATAPOINTS;
  const cursor = request.NextToken == null ? { query: 0, series: 0, after: null } : readCursor(request.NextToken);
  const results: DataResult[] = [];
  for (const [index, query] of queries.returned().entries()) {
    if (index < cursor.query) continue;
    const all = queries.result(query.Id);
    for (const [position, series] of (all.length === 0 ? [new Map<number, number>()] : all).entries()) {
      const resumed = index === cursor.query && position === cursor.series;
      if (index === cursor.query && position < cursor.series) continue;
      const starts = remaining(series, ascending, resumed ? cursor.after : null);
      const result = page(query, series, starts.slice(0, room));
      room -= result.Values.length;
      if (result.Values.length === starts.length) {
        results.push(result);
        continue;
      }
      result.StatusCode = 'PartialData';
      const after = result.Timestamps.at(-1);
      if (after !== undefined) results.push(result);
      const next: Cursor = { query: index, series: position, after: after === undefined ? (resumed ? cursor.after : null) : after * 1000 };
      return { MetricDataResults: results, NextToken: Buffer.from(JSON.stringify(next)).toString('base64'), Messages: [] };
    }
  }
  return { MetricDataResults: results, Messages: [] };
}

function remaining(series: TimeSeries, ascending: boolean, after: number | null): number[] {
  const starts = [...series.keys()];
  if (!ascending) starts.reverse();
  return after === null ? starts : starts.filter((start) => (ascending ? start > after : start < after));
}

function page(query: MetricDataQuery, series: TimeSeries, starts: readonly number[]): DataResult {
  return {
    Id: query.Id,
    Label: query.Label ?? query.MetricStat?.Metric.MetricName ?? query.Id,
    Timestamps: starts.map((start) => start / 1000),
    Values: starts.map((start) => series.get(start) ?? Number.NaN),
    StatusCode: 'Complete',
  };
}

function readCursor(token: string): Cursor {
  try {
    return cursorShape.parse(JSON.parse(Buffer.from(token, 'base64').toString('utf8')));
  } catch {
    throw new AwsError('InvalidNextToken', 'The value for parameter NextToken is invalid.');
  }
}
