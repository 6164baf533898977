import {
  CloudWatchClient,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  PutMetricDataCommand,
  type GetMetricDataCommandInput,
  type MetricDataQuery,
} from '@aws-sdk/client-cloudwatch';
import { createCloudWatch, type CloudWatch } from '../../../../infra/local/gateway/cloudwatch/cloudwatch-operations';
import { getMetricData } from '../../../../infra/local/gateway/cloudwatch/get-metric-data';
import { MetricStore } from '../../../../infra/local/gateway/cloudwatch/metric-store';
import { startGateway, type Gateway } from '../../../../infra/local/gateway/server';

const MINUTE = 60_000;

describe('CloudWatch metric data', () => {
  let cloudWatch: CloudWatch;
  let gateway: Gateway;
  let client: CloudWatchClient;
  /** A full hour in the recent past: every period of up to an hour begins on it. */
  const hour = Math.floor(Date.now() / 3_600_000) * 3_600_000 - 3_600_000;

  beforeEach(async () => {
    // Nothing of this file leaves the gateway; the port of moto is one where nothing listens.
    cloudWatch = createCloudWatch({ motoUrl: 'http://127.0.0.1:9', region: 'us-east-1', accountId: '123456789012' });
    gateway = await startGateway({ modules: [cloudWatch.operations] });
    client = new CloudWatchClient({
      endpoint: gateway.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
    });
  });
  afterEach(async () => {
    client.destroy();
    await gateway.stop();
    await cloudWatch.stop();
  });

  const put = (metric: string, points: readonly (readonly [atMs: number, value: number])[]) =>
    client.send(
      new PutMetricDataCommand({
        Namespace: 'Test',
        MetricData: points.map(([atMs, Value]) => ({ MetricName: metric, Timestamp: new Date(atMs), Value })),
      }),
    );
  const query = (metric: string, Stat = 'Average', Period = 60, Id = 'm1'): MetricDataQuery => ({
    Id,
    MetricStat: { Metric: { Namespace: 'Test', MetricName: metric }, Period, Stat },
  });
  const get = (MetricDataQueries: MetricDataQuery[], more: Partial<GetMetricDataCommandInput> = {}) =>
    client.send(new GetMetricDataCommand({ StartTime: new Date(hour), EndTime: new Date(hour + 60 * MINUTE), MetricDataQueries, ...more }));

  it('aligns buckets to the period, whatever the start time is', async () => {
    await put('aligned', [[hour + 10 * MINUTE, 1], [hour + 14 * MINUTE, 3], [hour + 15 * MINUTE, 9]]);
    const { MetricDataResults } = await get([query('aligned', 'Average', 300)], { StartTime: new Date(hour + 12 * MINUTE) });
    expect(MetricDataResults?.[0]?.Timestamps?.map(Number)).toEqual([hour + 15 * MINUTE, hour + 10 * MINUTE]);
    expect(MetricDataResults?.[0]?.Values).toEqual([9, 2]);
  });

  it('answers newest first, and oldest first when asked, also for points that were written out of order', async () => {
    await put('ordered', [[hour + 2 * MINUTE, 2], [hour, 0], [hour + MINUTE, 1]]);
    expect((await get([query('ordered')])).MetricDataResults?.[0]?.Values).toEqual([2, 1, 0]);
    expect((await get([query('ordered')], { ScanBy: 'TimestampAscending' })).MetricDataResults?.[0]?.Values).toEqual([0, 1, 2]);
  });

  it('pages through every point exactly once, also when a newer point arrives between two pages', async () => {
    await put('paged', Array.from({ length: 30 }, (_, index) => [hour + index * MINUTE, index] as const));
    await put('other', [[hour, 100]]);
    const seen: number[] = [];
    let NextToken: string | undefined;
    let pages = 0;
    do {
      const page = await get([query('paged'), query('other', 'Sum', 60, 'm2')], { MaxDatapoints: 7, NextToken });
      for (const { Values = [], Timestamps = [] } of page.MetricDataResults ?? []) {
        expect(Timestamps).toHaveLength(Values.length);
        seen.push(...Values);
      }
      if (pages === 0) expect(page.MetricDataResults?.[0]?.StatusCode).toBe('PartialData');
      NextToken = page.NextToken;
      pages += 1;
      if (pages === 1) await put('paged', [[hour + 40 * MINUTE, 40]]);
    } while (NextToken !== undefined);
    expect(pages).toBe(5);
    expect(seen).toEqual([...Array.from({ length: 30 }, (_, index) => 29 - index), 100]);
    await expect(get([query('paged')], { NextToken: 'nonsense' })).rejects.toMatchObject({ name: 'InvalidNextToken' });
  });

  it('computes percentiles, trimmed means and counts from values with counts, and none from a statistic set', async () => {
    await client.send(
      new PutMetricDataCommand({
        Namespace: 'Test',
        MetricData: [
          { MetricName: 'latency', Timestamp: new Date(hour), Values: [10, 20, 30, 1000], Counts: [50, 40, 9, 1] },
          { MetricName: 'set', Timestamp: new Date(hour), StatisticValues: { SampleCount: 4, Sum: 20, Minimum: 1, Maximum: 9 } },
        ],
      }),
    );
    const value = async (metric: string, stat: string) => (await get([query(metric, stat)])).MetricDataResults?.[0]?.Values;
    expect(await value('latency', 'p50')).toEqual([10]);
    expect(await value('latency', 'p90')).toEqual([20]);
    expect(await value('latency', 'p99')).toEqual([30]);
    expect(await value('latency', 'p99.9')).toEqual([1000]);
    expect(await value('latency', 'SampleCount')).toEqual([100]);
    expect((await value('latency', 'tm99'))?.[0]).toBeCloseTo((500 + 800 + 270) / 99, 9);
    expect((await value('latency', 'TM(50%:90%)'))?.[0]).toBeCloseTo(20, 9);
    // The lower bound is exclusive, the upper one inclusive; either may be left out.
    expect(await value('latency', 'TC(10:)')).toEqual([50]);
    expect(await value('latency', 'TC(10:30)')).toEqual([49]);
    expect(await value('latency', 'TC(:10)')).toEqual([50]);
    expect(await value('latency', 'TC(1000:)')).toEqual([0]);
    expect(await value('set', 'TC(1:)')).toEqual([]);
    expect(await value('set', 'Average')).toEqual([5]);
    expect(await value('set', 'Maximum')).toEqual([9]);
    expect(await value('set', 'p90')).toEqual([]);
  });

  it('evaluates metric math and returns only what was asked for', async () => {
    await put('a', [[hour, 10], [hour + MINUTE, 20]]);
    await put('b', [[hour, 2], [hour + 2 * MINUTE, 4]]);
    const hidden = [{ ...query('a'), ReturnData: false }, { ...query('b', 'Average', 60, 'm2'), ReturnData: false }];
    const math = async (Expression: string) => {
      const { MetricDataResults } = await get([...hidden, { Id: 'e1', Expression }], { ScanBy: 'TimestampAscending', EndTime: new Date(hour + 3 * MINUTE) });
      expect(MetricDataResults?.map(({ Id }) => Id)).toEqual(['e1']);
      return MetricDataResults?.[0]?.Values;
    };
    expect(await math('(m1 + 2) * 3 / 2 - -m1')).toEqual([28, 53]);
    expect(await math('m1 / m2')).toEqual([5]);
    expect(await math('SUM([m1, m2])')).toEqual([12, 20, 4]);
    expect(await math('MAX(METRICS())')).toEqual([10, 20, 4]);
    expect(await math('AVG(METRICS("m1")) + FILL(m2, 0)')).toEqual([12, 20]);
    expect(await math('FILL(m2, REPEAT)')).toEqual([2, 2, 4]);
  });

  it('refuses what it cannot evaluate instead of answering nothing', async () => {
    await expect(get([{ Id: 'e1', Expression: "SEARCH('{Test} x', 'Average', 300)" }])).rejects.toMatchObject({ message: expect.stringContaining('SEARCH') });
    await expect(get([{ Id: 'e1', Expression: 'm9 * 2' }])).rejects.toThrow('m9');
    await expect(get([query('a', 'median')])).rejects.toThrow('median');
    await expect(get([query('a', 'Sum', 45)])).rejects.toThrow('45');
    await expect(get(Array.from({ length: 501 }, (_, index) => query('a', 'Sum', 60, `m${index}`)))).rejects.toThrow('500');
  });

  it('refuses data that AWS refuses', async () => {
    const refused = (datum: object) => client.send(new PutMetricDataCommand({ Namespace: 'Test', MetricData: [{ MetricName: 'x', ...datum }] }));
    await expect(refused({ Values: Array.from({ length: 151 }, (_, index) => index) })).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
    await expect(refused({ Value: 1, Values: [1] })).rejects.toMatchObject({ name: 'InvalidParameterCombinationException' });
    await expect(refused({ Value: 1, Timestamp: new Date(Date.now() - 15 * 24 * 3_600_000) })).rejects.toThrow('two weeks');
    await expect(refused({ Value: 1, StorageResolution: 5 })).rejects.toThrow('StorageResolution');
    await expect(put('many', Array.from({ length: 1001 }, () => [hour, 1] as const))).rejects.toThrow('1000');
  });

  it('answers GetMetricStatistics with extended statistics, and lists metrics by dimension', async () => {
    await client.send(
      new PutMetricDataCommand({
        Namespace: 'Test',
        MetricData: [
          { MetricName: 'dim', Timestamp: new Date(hour), Values: [1, 2, 3], Dimensions: [{ Name: 'Host', Value: 'a' }] },
          { MetricName: 'dim', Timestamp: new Date(hour), Value: 7, Dimensions: [{ Name: 'Host', Value: 'b' }] },
        ],
      }),
    );
    const { Datapoints } = await client.send(
      new GetMetricStatisticsCommand({
        Namespace: 'Test',
        MetricName: 'dim',
        Dimensions: [{ Name: 'Host', Value: 'a' }],
        StartTime: new Date(hour),
        EndTime: new Date(hour + MINUTE),
        Period: 60,
        Statistics: ['Average'],
        ExtendedStatistics: ['p99'],
      }),
    );
    expect(Datapoints).toMatchObject([{ Timestamp: new Date(hour), Average: 2, ExtendedStatistics: { p99: 3 } }]);
    const { Metrics } = await client.send(new ListMetricsCommand({ MetricName: 'dim', Dimensions: [{ Name: 'Host', Value: 'b' }] }));
    expect(Metrics).toEqual([{ Namespace: 'Test', MetricName: 'dim', Dimensions: [{ Name: 'Host', Value: 'b' }] }]);
  });

  it('reads a week of 500 metrics in seconds', () => {
    const store = new MetricStore();
    const start = hour - 7 * 24 * 60 * MINUTE;
    for (let metric = 0; metric < 500; metric += 1) {
      store.put(
        Array.from({ length: 2016 }, (_, index) => ({ namespace: 'Test', metric: `w${metric}`, dimensions: {}, atMs: start + index * 5 * MINUTE, values: [index] })),
      );
    }
    const queries = Array.from({ length: 500 }, (_, index) => query(`w${index}`, 'Average', 300, `m${index}`));
    const began = Date.now();
    let points = 0;
    let NextToken: string | undefined;
    do {
      // Without the client: in jest's sandbox its parsing of a million points takes ten times as long as outside.
      const page = getMetricData(store, { MetricDataQueries: queries, StartTime: start / 1000, EndTime: hour / 1000, NextToken });
      points += page.MetricDataResults.reduce((sum, { Values }) => sum + Values.length, 0);
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(points).toBe(500 * 2016);
    expect(Date.now() - began).toBeLessThan(10_000);
  });
});
