import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { EC2Client, DescribeSubnetsCommand } from '@aws-sdk/client-ec2';
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  ModifyListenerCommand,
  RegisterTargetsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { createBalancer } from '../../../../infra/local/gateway/balancer/balancer';
import { createCloudWatch } from '../../../../infra/local/gateway/cloudwatch/cloudwatch-operations';
import { startGateway } from '../../../../infra/local/gateway/server';
import { startLoad, type LoadRun } from '../../../../infra/local/load/load-generator';
import { eventually, NO_DELAYS } from './gateway-fixture';
import { awsTools, startMoto } from './outside-tools';

/** A stand-in for an instance: an HTTP server on a loopback address of its own. */
export interface Backend {
  readonly id: string;
  healthy: boolean;
  served: number;
  stop(): Promise<void>;
}

export type BalancingFixture = Awaited<ReturnType<typeof startBalancingFixture>>;

const PORT = 8080;
let lastAddress = 0;

/** A gateway with balancer and CloudWatch on a moto of its own; instances are {@link Backend}s in this process. */
export async function startBalancingFixture() {
  const tools = await awsTools();
  const moto = await startMoto(tools);
  const dataDir = mkdtempSync(join(tmpdir(), 'balancer-'));
  const instances = new Map<string, { address: string; state: string; zone: string }>();
  const listeners: ((id: string) => void)[] = [];
  const backends: Backend[] = [];
  const cloudWatch = createCloudWatch({ motoUrl: moto.url, region: 'us-east-1', accountId: '123456789012' });
  const balancer = await createBalancer({
    motoUrl: moto.url,
    directory: { find: (id) => instances.get(id), onChange: (listener) => void listeners.push(listener) },
    sink: cloudWatch.sink,
    delays: NO_DELAYS,
    envoyPath: tools.envoyPath,
    dataDir,
    region: 'us-east-1',
    drainDefaultMs: 2000,
  });
  const gateway = await startGateway({
    modules: [cloudWatch.operations, balancer.operations],
    controlRoutes: [...cloudWatch.controlRoutes, ...balancer.controlRoutes],
    motoUrl: moto.url,
  });
  const config = { endpoint: gateway.url, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' }, maxAttempts: 1 };
  const elb = new ElasticLoadBalancingV2Client(config);
  const ec2 = new EC2Client(config);

  const control = async (path: string): Promise<unknown> => (await fetch(`${gateway.url}${path}`)).json();
  const fixture = {
    elb,
    cloudWatch: new CloudWatchClient(config),
    setState(id: string, state: string): void {
      const instance = instances.get(id);
      if (instance !== undefined) instance.state = state;
      for (const listener of listeners) listener(id);
    },
    async startBackend(): Promise<Backend> {
      lastAddress += 1;
      const id = `i-${String(lastAddress).padStart(17, '0')}`;
      const address = `127.79.0.${lastAddress}`;
      const backend: Backend = { id, healthy: true, served: 0, stop: () => closeServer(server) };
      const server = createServer((request, response) => {
        const url = new URL(request.url ?? '/', 'http://backend');
        if (url.pathname === '/health') return void response.writeHead(backend.healthy ? 200 : 500).end();
        backend.served += 1;
        setTimeout(() => response.end(id), Number(url.searchParams.get('ms') ?? 0));
      });
      await new Promise<void>((resolve) => server.listen(PORT, address, resolve));
      instances.set(id, { address, state: 'running', zone: 'us-east-1a' });
      backends.push(backend);
      return backend;
    },
    async createGroup(name: string, targets: readonly Backend[]): Promise<string> {
      const { TargetGroups } = await elb.send(
        new CreateTargetGroupCommand({
          Name: name,
          Protocol: 'HTTP',
          Port: PORT,
          VpcId: await vpcId(ec2),
          HealthCheckPath: '/health',
          HealthCheckIntervalSeconds: 5,
          HealthCheckTimeoutSeconds: 2,
          HealthyThresholdCount: 2,
          UnhealthyThresholdCount: 2,
        }),
      );
      const arn = TargetGroups?.[0]?.TargetGroupArn ?? '';
      if (targets.length > 0) await elb.send(new RegisterTargetsCommand({ TargetGroupArn: arn, Targets: targets.map(({ id }) => ({ Id: id })) }));
      return arn;
    },
    async createListener(name: string, weights: Readonly<Record<string, number>>): Promise<{ arn: string; loadBalancerArn: string; url: string }> {
      const { Subnets } = await ec2.send(new DescribeSubnetsCommand({}));
      const subnets = (Subnets ?? []).slice(0, 2).map(({ SubnetId }) => SubnetId ?? '');
      const { LoadBalancers } = await elb.send(new CreateLoadBalancerCommand({ Name: name, Subnets: subnets }));
      const loadBalancerArn = LoadBalancers?.[0]?.LoadBalancerArn ?? '';
      const { Listeners } = await elb.send(
        new CreateListenerCommand({ LoadBalancerArn: loadBalancerArn, Protocol: 'HTTP', Port: 80, DefaultActions: [forward(weights)] }),
      );
      const arn = Listeners?.[0]?.ListenerArn ?? '';
      await fixture.applied();
      const listed = (await control('/_local/balancers')) as { listenerArn: string; url: string }[];
      return { arn, loadBalancerArn, url: listed.find(({ listenerArn }) => listenerArn === arn)?.url ?? '' };
    },
    async setWeights(listenerArn: string, weights: Readonly<Record<string, number>>): Promise<void> {
      await elb.send(new ModifyListenerCommand({ ListenerArn: listenerArn, DefaultActions: [forward(weights)] }));
      await fixture.applied();
    },
    async states(groupArn: string): Promise<Record<string, string>> {
      const { TargetHealthDescriptions: all = [] } = await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: groupArn }));
      return Object.fromEntries(all.map(({ Target, TargetHealth }) => [Target?.Id ?? '', TargetHealth?.State ?? '']));
    },
    /** Waits until every target has the state, and Envoy knows. */
    async allIn(groupArn: string, state: string): Promise<void> {
      await eventually(async () => Object.values(await fixture.states(groupArn)).every((one) => one === state));
      await fixture.applied();
    },
    async applied(): Promise<void> {
      await eventually(async () => ((await control('/_local/balancers/applied')) as { applied: boolean }).applied);
    },
    control,
    async stop(): Promise<void> {
      await balancer.stop();
      await cloudWatch.stop();
      await gateway.stop();
      await Promise.all(backends.map((backend) => backend.stop()));
      await moto.stop();
      elb.destroy();
      ec2.destroy();
      fixture.cloudWatch.destroy();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  return fixture;
}

/** Constant load from a process of its own. */
export function load(url: string, ratePerSecond: number, path = '/'): LoadRun {
  const root = join(__dirname, '../../../..');
  return startLoad(
    { url, ratePerSecond, connections: 20, path, maxDurationMs: 60_000 },
    { file: join(root, 'infra/local/load/load-main.ts'), execArgv: ['-r', join(root, 'test/support/register-typescript.cjs')] },
  );
}

function forward(weights: Readonly<Record<string, number>>) {
  const TargetGroups = Object.entries(weights).map(([TargetGroupArn, Weight]) => ({ TargetGroupArn, Weight }));
  return { Type: 'forward' as const, ForwardConfig: { TargetGroups } };
}

async function vpcId(ec2: EC2Client): Promise<string> {
  const { Subnets } = await ec2.send(new DescribeSubnetsCommand({}));
  return Subnets?.[0]?.VpcId ?? '';
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
