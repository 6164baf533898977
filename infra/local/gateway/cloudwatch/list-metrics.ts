import { z } from 'zod';
import { AwsError } from '../operation';
import type { MetricStore, StoredMetric } from './metric-store';

const PAGE = 500;
const RECENT_MS = 3 * 3600 * 1000;

const requestShape = z.object({
  Namespace: z.string().nullish(),
  MetricName: z.string().nullish(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.string().nullish() })).nullish(),
  RecentlyActive: z.literal('PT3H').nullish(),
  NextToken: z.string().nullish(),
});

/** ListMetrics: every named dimension must be there, with the value if one is given. */
export function listMetrics(store: MetricStore, params: unknown, nowMs: number): { Metrics: unknown[]; NextToken?: string } {
  const parsed = requestShape.safeParse(params);
  if (!parsed.success) throw new AwsError('InvalidParameterValue', `The parameter ${parsed.error.issues[0]?.path.join('.') ?? ''} is invalid.`);
  const request = parsed.data;
  const matches = (one: StoredMetric): boolean =>
    (request.Namespace == null || one.namespace === request.Namespace) &&
    (request.MetricName == null || one.metric === request.MetricName) &&
    (request.Dimensions ?? []).every(({ Name, Value }) => (Value == null ? Name in one.dimensions : one.dimensions[Name] === Value)) &&
    (request.RecentlyActive == null || [...one.units.values()].some((series) => series.lastAtMs >= nowMs - RECENT_MS));

  const offset = request.NextToken == null ? 0 : Number(Buffer.from(request.NextToken, 'base64').toString('utf8'));
  if (!Number.isInteger(offset) || offset < 0) throw new AwsError('InvalidParameterValue', 'Invalid nextToken');
  const found = store.list().filter(matches);
  const Metrics = found.slice(offset, offset + PAGE).map((one) => ({
    Namespace: one.namespace,
    MetricName: one.metric,
    Dimensions: Object.entries(one.dimensions).map(([Name, Value]) => ({ Name, Value })),
  }));
  if (offset + PAGE >= found.length) return { Metrics };
  return { Metrics, NextToken: Buffer.from(String(offset + PAGE)).toString('base64') };
}
