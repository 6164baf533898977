import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { createCloudWatch, type CloudWatch } from '../../../infra/local/gateway/cloudwatch/cloudwatch-operations';
import type { getMetricData } from '../../../infra/local/gateway/cloudwatch/get-metric-data';
import { startGateway, type Gateway } from '../../../infra/local/gateway/server';
import { collectMetrics } from '../../../src/activities/collect-metrics';
import { createLoadHistory } from '../../../src/activities/load-history';
import type { MetricHistoryStore } from '../../../src/activities/metric-history-port';
import { createMetricSource } from '../../../src/adapters/aws/metric-source';
import { INSTANCE_METRICS, trafficResource, type CollectedMetric, type SeriesKey } from '../../../src/domain/collected-metric';
import { memoryHistory } from '../../activities/memory-history';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const STEP = 5 * MINUTE;

interface Asked {
  readonly MetricDataQueries: readonly { readonly MetricStat: { readonly Period: number } }[];
  readonly StartTime: number;
  readonly EndTime: number;
  readonly NextToken?: string;
}

describe('collecting metrics from CloudWatch', () => {
  let cloudWatch: CloudWatch;
  let gateway: Gateway;
  let client: CloudWatchClient;
  let history: MetricHistoryStore;
  /** What the endpoint was asked, and how many values it gave. */
  let asked: Asked[];
  let given: number;
  let mostValuesAPage: number | null;
  const nowMs = Math.floor(Date.now() / HOUR) * HOUR + 2 * MINUTE;

  beforeEach(async () => {
    cloudWatch = createCloudWatch({ motoUrl: 'http://127.0.0.1:9', region: 'us-east-1', accountId: '123456789012' });
    const { operations } = cloudWatch.operations;
    [asked, given, mostValuesAPage] = [[], 0, null];
    const counted = async (call: Parameters<(typeof operations)[string]>[0]): Promise<unknown> => {
      asked.push(call.params as unknown as Asked);
      const params = mostValuesAPage === null ? call.params : { ...call.params, MaxDatapoints: mostValuesAPage };
      const answer = (await operations['GetMetricData']?.({ ...call, params })) as ReturnType<typeof getMetricData>;
      given += answer.MetricDataResults.reduce((sum, { Values }) => sum + Values.length, 0);
      return answer;
    };
    gateway = await startGateway({ modules: [{ ...cloudWatch.operations, operations: { ...operations, GetMetricData: counted } }] });
    client = new CloudWatchClient({ endpoint: gateway.url, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' }, maxAttempts: 1 });
    history = memoryHistory();
  });
  afterEach(async () => {
    client.destroy();
    await gateway.stop();
    await cloudWatch.stop();
  });

  const put = (name: string, instanceId: string, points: readonly (readonly [atMs: number, value: number])[], Namespace = 'AWS/EC2') =>
    client.send(
      new PutMetricDataCommand({
        Namespace,
        MetricData: points.map(([atMs, Value]) => ({ MetricName: name, Dimensions: [{ Name: 'InstanceId', Value: instanceId }], Timestamp: new Date(atMs), Value })),
      }),
    );
  const key = (metric: CollectedMetric, resource = 'i-1', stepMs = STEP): SeriesKey => ({ resource, metric, stepMs });
  const collect = (keys: readonly SeriesKey[], atMs = nowMs) => collectMetrics({ source: createMetricSource(client), history }, keys, { nowMs: atMs, historyMs: 24 * HOUR, overlapMs: HOUR });
  const valuesOf = async (one: SeriesKey, startAtMs: number, endAtMs: number) => (await history.read([one], { startAtMs, endAtMs }))[0]?.values;
  /** So many five-minute values before now, the last of them complete. */
  const load = (count: number) => Array.from({ length: count }, (_, i) => [nowMs - 2 * MINUTE - (count - i) * STEP, i] as const);

  it('asks the second time only for what is new and for the overlap, and keeps all', async () => {
    await put('CPUUtilization', 'i-1', load(200));
    expect(await collect([key('cpuPercent')])).toMatchObject({ series: 1, newValues: 200, absent: [], metricsRequested: 1 });
    expect(given).toBe(200);
    given = 0;
    await put('CPUUtilization', 'i-1', [[nowMs, 777]]);
    expect(await collect([key('cpuPercent')], nowMs + STEP)).toMatchObject({ newValues: 1 });
    // Twelve of the last hour, the last one known, and the new one.
    expect(given).toBe(14);
    expect(await valuesOf(key('cpuPercent'), nowMs - 2 * MINUTE - 2 * STEP, nowMs - 2 * MINUTE + STEP)).toEqual([198, 199, 777]);
  });

  it('picks up a value that came late, and a correction', async () => {
    const values = load(30);
    await put('CPUUtilization', 'i-1', values.filter((_, i) => i !== 25));
    await collect([key('cpuPercent')]);
    const lateAtMs = values[25]?.[0] ?? 0;
    expect(await valuesOf(key('cpuPercent'), lateAtMs, lateAtMs + STEP)).toEqual([null]);
    await put('CPUUtilization', 'i-1', [[lateAtMs, 25], [lateAtMs + STEP, 28]]);
    expect(await collect([key('cpuPercent')], nowMs + STEP)).toMatchObject({ newValues: 2 });
    expect(await valuesOf(key('cpuPercent'), lateAtMs, lateAtMs + 2 * STEP)).toEqual([25, 27]);
  });

  it('splits more than 500 queries over calls, and says what they cost', async () => {
    const keys = Array.from({ length: 700 }, (_, i) => key('cpuPercent', `i-${i}`));
    const report = await collect([...keys, ...Array.from({ length: 200 }, (_, i) => key('diskReadOps', `i-${i}`))]);
    expect(asked.map(({ MetricDataQueries }) => MetricDataQueries.length).toSorted((a, b) => a - b)).toEqual([100, 500, 500]);
    expect(report).toMatchObject({ series: 900, metricsRequested: 1100 });
    expect(report.costUsd).toBeCloseTo(0.011, 10);
  });

  it('reads every page of an answer', async () => {
    mostValuesAPage = 7;
    await put('CPUUtilization', 'i-1', load(30));
    await put('CPUUtilization', 'i-2', load(5));
    expect(await collect([key('cpuPercent', 'i-1'), key('cpuPercent', 'i-2')])).toMatchObject({ newValues: 35 });
    expect(asked.filter(({ NextToken }) => NextToken != null)).toHaveLength(4);
  });

  it('takes the statistic that fits each metric, adds up both kinds of disks, and states what is not published', async () => {
    const at = nowMs - 2 * MINUTE - STEP;
    const minutes = (values: readonly number[]) => values.map((value, i) => [at + i * MINUTE, value] as const);
    await put('CPUUtilization', 'i-1', minutes([10, 20, 30]));
    await put('NetworkIn', 'i-1', minutes([100, 200]));
    await put('EBSReadOps', 'i-1', minutes([5, 6]));
    await put('DiskReadOps', 'i-1', minutes([1]));
    const report = await collect(INSTANCE_METRICS.map((metric) => key(metric)));
    const found = await Promise.all(INSTANCE_METRICS.map((metric) => valuesOf(key(metric), at, at + STEP)));
    expect(Object.fromEntries(INSTANCE_METRICS.map((metric, i) => [metric, found[i]?.[0]]))).toEqual({
      cpuPercent: 20,
      memoryPercent: null,
      networkInBytes: 300,
      networkOutBytes: null,
      diskReadOps: 12,
      diskWriteOps: null,
    });
    expect(report.absent.map(({ metric }) => metric)).toEqual(['memoryPercent', 'networkOutBytes', 'diskWriteOps']);
  });

  it('asks in minutes where monitoring is detailed, and a target group for its requests', async () => {
    const at = nowMs - 10 * MINUTE;
    await client.send(
      new PutMetricDataCommand({
        Namespace: 'AWS/ApplicationELB',
        MetricData: [{ MetricName: 'RequestCount', Dimensions: [{ Name: 'TargetGroup', Value: 'targetgroup/web/1' }, { Name: 'LoadBalancer', Value: 'app/lb/2' }], Timestamp: new Date(at), Value: 42 }],
      }),
    );
    const requests = key('requests', trafficResource('arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/web/1', 'arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/app/lb/2'), MINUTE);
    expect(await collect([requests])).toMatchObject({ newValues: 1, absent: [] });
    expect(await valuesOf(requests, at, at + MINUTE)).toEqual([42]);
    expect(asked[0]?.MetricDataQueries[0]?.MetricStat.Period).toBe(60);
  });

  it('is throttled, to be asked again, when CloudWatch is, and goes on where it ended', async () => {
    await put('CPUUtilization', 'i-1', load(3));
    const fault = (times: number) =>
      fetch(`${gateway.url}/_local/faults`, { method: 'POST', body: JSON.stringify({ operation: 'monitoring:GetMetricData', kind: 'error', code: 'ThrottlingException', status: 400, message: 'Rate exceeded', times }) });
    expect((await fault(1)).status).toBe(200);
    await expect(collect([key('cpuPercent')])).rejects.toMatchObject({ type: 'Throttled', nonRetryable: false });
    expect(await collect([key('cpuPercent')])).toMatchObject({ newValues: 3 });
  });

  it('serves forecasts through the history: the load of a range, asked for once', async () => {
    await put('NetworkOut', 'i-1', load(288).map(([atMs, value]) => [atMs, 300 * value] as const));
    const { loadSeries } = createLoadHistory({ source: createMetricSource(client), history });
    const endAtMs = nowMs - 2 * MINUTE;
    const range = { startAtMs: endAtMs - 288 * STEP, endAtMs, stepMs: STEP };
    const [cpu, memory, network] = await loadSeries(['i-1'], range);
    expect(network).toEqual({ instanceId: 'i-1', metric: 'networkBytesPerSecond', startAtMs: range.startAtMs, stepMs: STEP, values: Array.from({ length: 288 }, (_, i) => i) });
    expect([cpu, memory].map((series) => series?.values.every((value) => value === null))).toEqual([true, true]);
    given = 0;
    await loadSeries(['i-1'], range);
    expect(given).toBeLessThan(15);
  });
});
