import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CloudWatchClient, DescribeAlarmsCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { CreateTagsCommand, DescribePlacementGroupsCommand, DescribeVpcsCommand, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { DescribeLoadBalancersCommand, DescribeTargetHealthCommand, ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { GetProductsCommand, PricingClient } from '@aws-sdk/client-pricing';
import { AwsError, type AwsCall } from '../../../../infra/local/gateway/operation';
import { startGateway, type Gateway } from '../../../../infra/local/gateway/server';
import { startFixture, type Fixture } from './gateway-fixture';

interface Seen {
  readonly host: string | undefined;
  readonly body: string;
}

let upstream: Server;
let motoUrl: string;
let fixture: Fixture;
const seen: Seen[] = [];

/** Answers as moto does: known operations in AWS's form, others with an HTML page and status 500. */
beforeAll(async () => {
  upstream = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      seen.push({ host: request.headers.host, body });
      if (body.includes('Action=DescribeVpcs')) {
        response.writeHead(200, { 'content-type': 'text/xml' });
        response.end('<DescribeVpcsResponse><vpcSet><item><vpcId>vpc-7</vpcId></item></vpcSet></DescribeVpcsResponse>');
      } else if (body.includes('Action=CreateTags')) {
        response.writeHead(200, { 'content-type': 'text/xml' }).end('<CreateTagsResponse><return>true</return></CreateTagsResponse>');
      } else {
        response.writeHead(500, { 'content-type': 'text/html' }).end('<!doctype html>\n<html><title>500</title></html>');
      }
    });
  });
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  motoUrl = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
  fixture = await startFixture({ addressPrefix: '127.84', motoUrl });
});
afterAll(async () => {
  await fixture.stop();
  upstream.closeAllConnections();
  upstream.close();
});
afterEach(() => fixture.gateway.faults.clear());

const clientConfig = (gateway: Gateway) => ({
  endpoint: gateway.url,
  region: 'us-east-1',
  credentials: { accessKeyId: 'AKIDTEST', secretAccessKey: 'secret' },
  maxAttempts: 1,
});
const describeVpcs = () => fixture.ec2.send(new DescribeVpcsCommand({}));
const addFault = (fault: object) => fixture.control('POST', '/_local/faults', fault);

describe('calls that the gateway does not own', () => {
  it('go to moto as they came, Host included', async () => {
    expect((await describeVpcs()).Vpcs).toEqual([{ VpcId: 'vpc-7' }]);
    expect(seen.at(-1)).toMatchObject({ host: `127.0.0.1:${fixture.gateway.port}`, body: expect.stringContaining('Action=DescribeVpcs') });
  });

  it('go to moto when they tag resources of moto', async () => {
    await fixture.ec2.send(new CreateTagsCommand({ Resources: ['vpc-7'], Tags: [{ Key: 'a', Value: 'b' }] }));
    expect(seen.at(-1)?.body).toContain('Action=CreateTags');
  });

  it('become an AWS error, never a page, when moto has not implemented them', async () => {
    const message = 'The action DescribePlacementGroups is not valid for this endpoint (not implemented in the local cloud)';
    await expect(fixture.ec2.send(new DescribePlacementGroupsCommand({}))).rejects.toMatchObject({
      name: 'InvalidAction',
      message,
      $metadata: { httpStatusCode: 400 },
    });
    const cloudWatch = new CloudWatchClient(clientConfig(fixture.gateway));
    await expect(cloudWatch.send(new DescribeAlarmsCommand({}))).rejects.toMatchObject({ name: 'UnknownOperationException' });
    const balancing = new ElasticLoadBalancingV2Client(clientConfig(fixture.gateway));
    await expect(balancing.send(new DescribeLoadBalancersCommand({}))).rejects.toMatchObject({ name: 'InvalidAction' });
  });

  it('are refused in AWS form without a signature or an action', async () => {
    const unsigned = await fetch(fixture.gateway.url, { method: 'POST', body: 'Action=DescribeVpcs' });
    expect(unsigned.status).toBe(403);
    expect(await unsigned.text()).toContain('<Code>MissingAuthenticationToken</Code>');
    const authorization = 'AWS4-HMAC-SHA256 Credential=A/20260101/us-east-1/ec2/aws4_request, SignedHeaders=host, Signature=0';
    const empty = await fetch(fixture.gateway.url, { method: 'POST', headers: { authorization }, body: 'x=1' });
    expect(await empty.text()).toContain('<Response><Errors><Error><Code>MissingAction</Code>');
  });
});

describe('the endpoint of a region', () => {
  it("refuses what is signed for another region, where moto would answer from that one, and answers what has one endpoint for all", async () => {
    const modules = [
      { service: 'monitoring', operations: { DescribeAlarms: () => ({ MetricAlarms: [] }) } },
      { service: 'pricing', operations: { GetProducts: () => ({ PriceList: [] }) } },
    ];
    const gateway = await startGateway({ modules, region: 'us-west-2' });
    try {
      const alarms = (region: string) => new CloudWatchClient({ ...clientConfig(gateway), region }).send(new DescribeAlarmsCommand({}));
      await expect(alarms('us-west-2')).resolves.toMatchObject({ MetricAlarms: [] });
      await expect(alarms('us-east-1')).rejects.toMatchObject({ name: 'SignatureDoesNotMatch', message: "Credential should be scoped to a valid region: this endpoint is us-west-2's, not us-east-1's" });
      const pricing = new PricingClient(clientConfig(gateway));
      await expect(pricing.send(new GetProductsCommand({ ServiceCode: 'AmazonEC2' }))).resolves.toMatchObject({ PriceList: [] });
    } finally {
      await gateway.stop();
    }
  });
});

describe('protocols of other services', () => {
  it('carry lists, errors and compressed bodies', async () => {
    const calls: AwsCall[] = [];
    const gateway = await startGateway({
      modules: [
        {
          service: 'elasticloadbalancing',
          operations: {
            DescribeTargetHealth: (call) => {
              calls.push(call);
              return { TargetHealthDescriptions: [{ Target: { Id: 'i-1', Port: 80 }, TargetHealth: { State: 'healthy' } }] };
            },
            DescribeLoadBalancers: () => {
              throw new AwsError('LoadBalancerNotFound', 'No <such> balancer');
            },
          },
        },
        { service: 'monitoring', operations: { PutMetricData: (call) => void calls.push(call) } },
      ],
    });
    try {
      const balancing = new ElasticLoadBalancingV2Client(clientConfig(gateway));
      const health = await balancing.send(new DescribeTargetHealthCommand({ TargetGroupArn: 'arn', Targets: [{ Id: 'i-1' }, { Id: 'i-2' }] }));
      expect(health.TargetHealthDescriptions).toEqual([{ Target: { Id: 'i-1', Port: 80 }, TargetHealth: { State: 'healthy' } }]);
      expect(calls[0]?.params).toEqual({ TargetGroupArn: 'arn', Targets: [{ Id: 'i-1' }, { Id: 'i-2' }] });
      await expect(balancing.send(new DescribeLoadBalancersCommand({}))).rejects.toMatchObject({
        name: expect.stringContaining('LoadBalancerNotFound'),
        message: 'No <such> balancer',
      });
      const cloudWatch = new CloudWatchClient(clientConfig(gateway));
      const MetricData = Array.from({ length: 900 }, (_, at) => ({ MetricName: `a-rather-long-name-${at}`, Value: at }));
      await cloudWatch.send(new PutMetricDataCommand({ Namespace: 'N', MetricData }));
      expect(calls[1]?.params['MetricData']).toHaveLength(900);
    } finally {
      await gateway.stop();
    }
  });
});

describe('faults', () => {
  it('answer with an AWS error as often as asked, after those that pass', async () => {
    await addFault({ kind: 'error', operation: 'ec2:DescribeVpcs', code: 'RequestLimitExceeded', status: 503, skip: 1, times: 2 });
    const outcomes = [];
    for (let at = 0; at < 4; at += 1) outcomes.push(await describeVpcs().then(() => 'ok', (error: Error) => error.name));
    expect(outcomes).toEqual(['ok', 'RequestLimitExceeded', 'RequestLimitExceeded', 'ok']);
    const { body } = await fixture.control('GET', '/_local/faults');
    expect(body['faults']).toMatchObject([{ seen: 4, fired: 2 }]);
  });

  it('hold a call up', async () => {
    await addFault({ kind: 'delay', operation: 'ec2:DescribeVpcs', ms: 120 });
    const startMs = performance.now();
    await describeVpcs();
    expect(performance.now() - startMs).toBeGreaterThan(110);
  });

  it('hit only the calls whose parameters match', async () => {
    await addFault({ kind: 'dropBefore', operation: 'ec2:DescribeVpcs', match: 'vpc-unlucky', times: 0 });
    await describeVpcs();
    await expect(fixture.ec2.send(new DescribeVpcsCommand({ VpcIds: ['vpc-unlucky'] }))).rejects.toThrow('socket hang up');
  });

  it('are refused with the name of the field when they make no sense', async () => {
    const { status, body } = await addFault({ kind: 'delay', operation: 'ec2:DescribeVpcs', ms: -1 });
    expect(status).toBe(400);
    expect(body['error']).toContain('ms:');
  });
});

describe('the log of calls', () => {
  it('tells what was asked, what changes something and what came of it', async () => {
    const before = (await fixture.control('GET', '/_local/calls')).body['calls'] as unknown as { seq: number }[];
    const since = before.at(-1)?.seq ?? 0;
    await addFault({ kind: 'dropAfter', operation: 'ec2:DescribeVpcs' });
    await describeVpcs().catch(() => undefined);
    const bad = { ImageId: 'ami-0123456789abcdef0', InstanceType: 'm5.large', MinCount: 1, MaxCount: 1 } as const;
    await fixture.ec2.send(new RunInstancesCommand(bad)).catch(() => undefined);
    await fixture.ec2.send(new RunInstancesCommand({ ...bad, DryRun: true })).catch(() => undefined);
    const { body } = await fixture.control('GET', `/_local/calls?since=${since}`);
    expect(body['calls']).toMatchObject([
      { service: 'ec2', operation: 'DescribeVpcs', mutating: false, outcome: 'DroppedAfter:OK', accessKeyId: 'AKIDTEST' },
      { operation: 'RunInstances', mutating: true, outcome: 'InvalidAMIID.NotFound' },
      { operation: 'RunInstances', mutating: false },
    ]);
  });
});
