import { z } from 'zod';
import { AwsError } from '../operation';
import { aggregateSeries, alignedGrid } from './aggregate-series';
import { checkPeriod } from './metric-queries';
import type { MetricStore } from './metric-store';
import { parseStatistic } from './statistic';

const MAX_DATAPOINTS = 1440;
const NAMED = new Set(['Average', 'Minimum', 'Maximum', 'Sum', 'SampleCount']);

const requestShape = z.object({
  Namespace: z.string(),
  MetricName: z.string(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.string() })).nullish(),
  StartTime: z.number(),
  EndTime: z.number(),
  Period: z.number(),
  Statistics: z.array(z.string()).nullish(),
  ExtendedStatistics: z.array(z.string()).nullish(),
  Unit: z.string().nullish(),
});

/** GetMetricStatistics; the datapoints come in time order here, AWS promises none. */
export function getMetricStatistics(store: MetricStore, params: unknown): { Label: string; Datapoints: Record<string, unknown>[] } {
  const parsed = requestShape.safeParse(params);
  if (!parsed.success) throw new AwsError('InvalidParameterValue', `The parameter ${parsed.error.issues[0]?.path.join('.') ?? ''} is missing or invalid.`);
  const request = parsed.data;
  const names = [...(request.Statistics ?? []), ...(request.ExtendedStatistics ?? [])];
  if (names.length === 0) throw new AwsError('InvalidParameterCombination', 'At least one of Statistics and ExtendedStatistics must be specified.');
  if (request.StartTime >= request.EndTime) throw new AwsError('InvalidParameterValue', 'The parameter StartTime must be less than the parameter EndTime.');
  checkPeriod(request.Period, 'Period');
  const possible = (request.EndTime - request.StartTime) / request.Period;
  if (possible > MAX_DATAPOINTS) {
    throw new AwsError(
      'InvalidParameterCombination',
      `You have requested up to ${Math.ceil(possible)} datapoints, which exceeds the limit of ${MAX_DATAPOINTS}.`,
    );
  }

  const dimensions = Object.fromEntries((request.Dimensions ?? []).map(({ Name, Value }) => [Name, Value]));
  const series = store.find(request.Namespace, request.MetricName, dimensions, request.Unit ?? undefined);
  const grid = alignedGrid(request.StartTime * 1000, request.EndTime * 1000, request.Period * 1000);
  const points = new Map<number, Record<string, unknown> & { ExtendedStatistics?: Record<string, number> }>();
  for (const name of names) {
    const statistic = parseStatistic(name);
    if (statistic === undefined) throw new AwsError('InvalidParameterValue', `The value ${name} for parameter Statistics is invalid.`);
    for (const [start, value] of aggregateSeries(series, grid, statistic)) {
      let point = points.get(start);
      if (point === undefined) points.set(start, (point = { Timestamp: start / 1000, Unit: request.Unit ?? 'None' }));
      if (NAMED.has(name)) point[name] = value;
      else point.ExtendedStatistics = { ...point.ExtendedStatistics, [name]: value };
    }
  }
  return { Label: request.MetricName, Datapoints: [...points.entries()].sort(([a], [b]) => a - b).map(([, point]) => point) };
}
