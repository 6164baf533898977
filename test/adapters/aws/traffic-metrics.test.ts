import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { createCloudWatch } from '../../../infra/local/gateway/cloudwatch/cloudwatch-operations';
import { startGateway } from '../../../infra/local/gateway/server';
import { createTrafficMetrics } from '../../../src/adapters/aws/traffic-metrics';

const MINUTE = 60_000;
const BALANCER = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/web/1';
const group = (name: string): string => `arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/${name}/1`;

describe('what the balancer measured of two groups', () => {
  let stop: () => Promise<void>;
  let client: CloudWatchClient;
  const startMs = Math.floor(Date.now() / 3_600_000) * 3_600_000 - 3_600_000;
  const ask = () => createTrafficMetrics(client, 60);
  const between = { fromMs: startMs - 1, toMs: startMs + 3 * MINUTE + 59_000 };
  const groups = { loadBalancerArn: BALANCER, sourceGroupArn: group('source'), shadowGroupArn: group('shadow') };

  beforeAll(async () => {
    const cloudWatch = createCloudWatch({ motoUrl: 'http://127.0.0.1:9', region: 'us-east-1', accountId: '123456789012' });
    const gateway = await startGateway({ modules: [cloudWatch.operations] });
    client = new CloudWatchClient({ endpoint: gateway.url, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' }, maxAttempts: 1 });
    stop = async () => {
      client.destroy();
      await gateway.stop();
      await cloudWatch.stop();
    };
    const put = (name: string, metric: string, minute: number, values: readonly number[], counts: readonly number[] = values.map(() => 1)) => ({
      MetricName: metric,
      Timestamp: new Date(startMs + minute * MINUTE + 10_000),
      Values: [...values],
      Counts: [...counts],
      Dimensions: [{ Name: 'LoadBalancer', Value: 'app/web/1' }, { Name: 'TargetGroup', Value: `targetgroup/${name}/1` }],
    });
    const MetricData = [
      put('source', 'RequestCount', 0, [100]),
      put('source', 'TargetResponseTime', 0, [0.01, 0.02, 0.2], [50, 40, 10]),
      put('source', 'RequestCount', 2, [10]),
      put('source', 'TargetResponseTime', 2, [0.5], [10]),
      put('shadow', 'RequestCount', 0, [20]),
      put('shadow', 'HTTPCode_Target_5XX_Count', 0, [2]),
      put('shadow', 'TargetConnectionErrorCount', 0, [1]),
      put('shadow', 'TargetResponseTime', 0, [0.0205, 0.3], [15, 4]),
    ];
    await client.send(new PutMetricDataCommand({ Namespace: 'AWS/ApplicationELB', MetricData }));
  });
  afterAll(() => stop());

  it('is told minute by minute, whole ones only, with zeros where nothing was served', async () => {
    const nothing = { requests: 0, errors: 0, answers: 0, slower: [0, 0] };
    expect(await ask().trafficIntervals(groups, between, { sourceMs: [10, 20], shadowMs: [20.5, 250] })).toEqual([
      { fromMs: startMs, toMs: startMs + MINUTE, source: { requests: 100, errors: 0, answers: 100, slower: [50, 10] }, shadow: { requests: 20, errors: 3, answers: 19, slower: [4, 4] } },
      { fromMs: startMs + MINUTE, toMs: startMs + 2 * MINUTE, source: nothing, shadow: nothing },
      { fromMs: startMs + 2 * MINUTE, toMs: startMs + 3 * MINUTE, source: { requests: 10, errors: 0, answers: 10, slower: [10, 10] }, shadow: nothing },
    ]);
  });

  it('is nothing between times that hold no whole minute', async () => {
    expect(await ask().trafficIntervals(groups, { fromMs: startMs + 1, toMs: startMs + 2 * MINUTE - 1 }, { sourceMs: [], shadowMs: [] })).toEqual([]);
    expect(await ask().latencyQuantiles({ loadBalancerArn: BALANCER, targetGroupArn: group('source') }, { fromMs: startMs + 1, toMs: startMs + 2 })).toBeNull();
  });

  it('tells what came in the last whole minute alone', async () => {
    const source = { loadBalancerArn: BALANCER, targetGroupArn: group('source') };
    expect(await ask().lastRequests(source, { fromMs: startMs, toMs: startMs + 3 * MINUTE + 1 })).toBe(10);
    expect(await ask().lastRequests(source, { fromMs: startMs, toMs: startMs + 2 * MINUTE })).toBe(0);
    expect(await ask().lastRequests(source, { fromMs: startMs + 1, toMs: startMs + MINUTE })).toBeNull();
  });

  it('has latency quantiles that rise, weighted by answers, and none where nobody answered', async () => {
    expect(await ask().latencyQuantiles({ loadBalancerArn: BALANCER, targetGroupArn: group('source') }, between)).toEqual([10, 10, 10, 20, 20, 200]);
    expect(await ask().latencyQuantiles({ loadBalancerArn: BALANCER, targetGroupArn: group('nobody') }, between)).toBeNull();
  });
});
