import { CreateCapacityReservationCommand, DescribeInstanceStatusCommand, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { createQuotas } from '../../../../src/adapters/aws/quotas';
import type { ShapeCatalogue } from '../../../../src/adapters/aws/shape-catalogue';
import { portOf } from '../../../activities/fake-ports';
import { shapeOf } from '../../../domain/shapes/generated-catalogue';
import { eventually, startFixture, type Fixture } from './gateway-fixture';

let fixture: Fixture;
let imageId: string;
beforeAll(async () => {
  fixture = await startFixture({ addressPrefix: '127.87' });
  imageId = await fixture.seedImage('base');
});
afterAll(() => fixture.stop());
afterEach(() => expect(fixture.defects).toEqual([]));

const launch = (zone: string): Promise<string> =>
  fixture.ec2.send(new RunInstancesCommand({ ImageId: imageId, InstanceType: 'm5.large', MinCount: 1, MaxCount: 1, Placement: { AvailabilityZone: zone } })).then(({ Instances = [] }) => Instances[0]?.InstanceId ?? '');
const reserve = (zone: string, InstanceCount = 1): Promise<unknown> =>
  fixture.ec2.send(new CreateCapacityReservationCommand({ InstanceType: 'm5.large', InstancePlatform: 'Linux/UNIX', AvailabilityZone: zone, InstanceCount, InstanceMatchCriteria: 'targeted' }));
const checksOf = async (id: string): Promise<string | undefined> => (await fixture.ec2.send(new DescribeInstanceStatusCommand({ InstanceIds: [id] }))).InstanceStatuses?.[0]?.InstanceStatus?.Status;

describe('a zone without power', () => {
  it('has instances whose checks fail and no capacity, until the power is back', async () => {
    const instanceId = await launch('us-east-1a');
    await eventually(async () => (await checksOf(instanceId)) === 'ok');
    expect((await fixture.control('PUT', '/_local/zones/us-east-1a/outage')).body).toEqual({ instances: 1 });
    expect(await checksOf(instanceId)).toBe('impaired');
    await expect(launch('us-east-1a')).rejects.toMatchObject({ name: 'InsufficientInstanceCapacity' });
    await expect(reserve('us-east-1a')).rejects.toMatchObject({ name: 'InsufficientInstanceCapacity' });
    await launch('us-east-1b');
    await fixture.control('DELETE', '/_local/zones/us-east-1a/outage');
    expect(await checksOf(instanceId)).toBe('ok');
    await reserve('us-east-1a');
  });
});

describe('the quota of vCPUs', () => {
  const quotas = () => new ServiceQuotasClient({ endpoint: fixture.gateway.url, region: 'us-east-1', credentials: { accessKeyId: 'AKIDTEST', secretAccessKey: 'secret' }, maxAttempts: 1 });
  const catalogue = portOf<ShapeCatalogue>({ catalogue: async () => ({ shapes: [shapeOf('m5.large')] }) as never });

  it('is not known until it is set, counts instances and reservations, and holds for both', async () => {
    const port = createQuotas({ ec2: fixture.ec2, quotas: quotas() }, catalogue);
    expect(await port.standardVcpus()).toBeNull();
    await fixture.control('PUT', '/_local/quota', { vcpus: 10 });
    // Two instances and a reservation of the test before: six vCPUs.
    expect(await port.standardVcpus()).toEqual({ limitVcpus: 10, usedVcpus: 6 });
    await expect(reserve('us-east-1b', 3)).rejects.toMatchObject({ name: 'VcpuLimitExceeded' });
    await reserve('us-east-1b', 2);
    await expect(launch('us-east-1b')).rejects.toMatchObject({ name: 'VcpuLimitExceeded' });
    await fixture.control('PUT', '/_local/quota', { vcpus: null });
    await launch('us-east-1b');
  });
});
