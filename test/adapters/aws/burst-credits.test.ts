import { RunInstancesCommand } from '@aws-sdk/client-ec2';
import { createBurstCredits } from '../../../src/adapters/aws/burst-credits';
import type { ShapeCatalogue } from '../../../src/adapters/aws/shape-catalogue';
import type { MetricSourcePort } from '../../../src/activities/metric-history-port';
import { portOf } from '../../activities/fake-ports';
import { startFixture, type Fixture } from '../../infra/local/gateway/gateway-fixture';

const NOW = 1_700_000_000_000;

describe('CPU credits', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture({ addressPrefix: '127.86' });
  });
  afterAll(() => fixture.stop());

  it('are the newest known balance of burstable instances that are held to their credits, and of no others', async () => {
    const ImageId = await fixture.seedImage('base');
    const launch = async (InstanceType: 't3.micro' | 'm5.large', CpuCredits?: string): Promise<{ instanceId: string; shape: string }> => {
      const { Instances } = await fixture.ec2.send(new RunInstancesCommand({ ImageId, InstanceType, MinCount: 1, MaxCount: 1, ...(CpuCredits === undefined ? {} : { CreditSpecification: { CpuCredits } }) }));
      return { instanceId: Instances?.[0]?.InstanceId ?? '', shape: InstanceType };
    };
    const standard = await launch('t3.micro', 'standard');
    const silent = await launch('t3.micro', 'standard');
    const all = [standard, silent, await launch('t3.micro'), await launch('m5.large')];
    const catalogue = portOf<ShapeCatalogue>({ catalogue: async () => ({ shapes: [{ name: 't3.micro', burstable: true, cpuBaselineRatio: 0.1 }, { name: 'm5.large', burstable: false, cpuBaselineRatio: 1 }] }) as never });
    const asked: string[] = [];
    const source: MetricSourcePort = {
      readWindow: async ({ keys }) => {
        asked.push(...keys.map(({ resource }) => resource));
        const points = (resource: string) => (resource === standard.instanceId ? [{ atMs: NOW - 600_000, value: 90 }, { atMs: NOW - 300_000, value: 84.5 }] : []);
        return { series: keys.map((key) => ({ key, points: points(key.resource) })), metricsRequested: keys.length };
      },
    };
    const credits = await createBurstCredits(fixture.ec2, catalogue, source).creditsOf(all, NOW);
    expect([...credits]).toEqual([[standard.instanceId, { balance: 84.5, baselinePercent: 10 }]]);
    expect(asked.toSorted()).toEqual([standard.instanceId, silent.instanceId].toSorted());
  });
});
