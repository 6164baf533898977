import { paginateGetMetricData } from '@aws-sdk/client-cloudwatch';
import type { CloudWatchClient, MetricDataQuery, MetricDataResult } from '@aws-sdk/client-cloudwatch';
import { callAws } from './translate-error';

/** GetMetricData takes at most 500 queries a call. */
const QUERIES_A_CALL = 500;

/** GetMetricData for any number of queries, all pages of each call; a query's result may come in several parts, oldest first. */
export async function readMetricData(cloudwatch: CloudWatchClient, queries: readonly MetricDataQuery[], startMs: number, endMs: number): Promise<MetricDataResult[]> {
  return callAws('read metrics', async () => {
    const results: MetricDataResult[] = [];
    const range = { StartTime: new Date(startMs), EndTime: new Date(endMs), ScanBy: 'TimestampAscending' as const };
    for (let at = 0; at < queries.length; at += QUERIES_A_CALL) {
      for await (const page of paginateGetMetricData({ client: cloudwatch }, { ...range, MetricDataQueries: queries.slice(at, at + QUERIES_A_CALL) })) {
        results.push(...(page.MetricDataResults ?? []));
      }
    }
    return results;
  });
}
