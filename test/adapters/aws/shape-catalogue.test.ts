import { priceOperations } from '../../../infra/local/gateway/prices/price-operations';
import type { ServiceOperations } from '../../../infra/local/gateway/operation';
import { AwsError } from '../../../infra/local/gateway/operation';
import { startGateway, type Gateway } from '../../../infra/local/gateway/server';
import { createAwsClients, type AwsClients } from '../../../src/adapters/aws/clients';
import { createShapeCatalogue } from '../../../src/adapters/aws/shape-catalogue';
import type { CatalogueShape } from '../../../src/domain/shapes/catalogue-shape';

const DAY_MS = 86_400_000;

/** As DescribeInstanceTypes gives them, as much of it as matters. */
const TYPES = [
  {
    InstanceType: 'm7i.large',
    CurrentGeneration: true,
    SupportedVirtualizationTypes: ['hvm'],
    SupportedRootDeviceTypes: ['ebs'],
    SupportedBootModes: ['legacy-bios', 'uefi'],
    BareMetal: false,
    Hypervisor: 'nitro',
    ProcessorInfo: { SupportedArchitectures: ['x86_64'], SustainedClockSpeedInGhz: 3.2 },
    VCpuInfo: { DefaultVCpus: 2 },
    MemoryInfo: { SizeInMiB: 8192 },
    EbsInfo: { NvmeSupport: 'required', MaximumEbsAttachments: 32, EbsOptimizedInfo: { BaselineBandwidthInMbps: 650, BaselineIops: 3600, MaximumBandwidthInMbps: 10_000, MaximumIops: 40_000 } },
    NetworkInfo: { EnaSupport: 'required', MaximumNetworkInterfaces: 3, NetworkCards: [{ NetworkCardIndex: 0, BaselineBandwidthInGbps: 0.781, PeakBandwidthInGbps: 12.5 }] },
    PlacementGroupInfo: { SupportedStrategies: ['cluster', 'partition', 'spread'] },
    BurstablePerformanceSupported: false,
  },
  { InstanceType: 't3.large', BurstablePerformanceSupported: true, VCpuInfo: { DefaultVCpus: 2 }, MemoryInfo: { SizeInMiB: 8192 }, ProcessorInfo: { SupportedArchitectures: ['x86_64'] } },
  { InstanceType: 'c7i-flex.large', VCpuInfo: { DefaultVCpus: 2 }, MemoryInfo: { SizeInMiB: 4096 }, ProcessorInfo: { SupportedArchitectures: ['x86_64'] } },
  {
    InstanceType: 'i3.large',
    VCpuInfo: { DefaultVCpus: 2 },
    MemoryInfo: { SizeInMiB: 15_616 },
    ProcessorInfo: { SupportedArchitectures: ['x86_64'] },
    InstanceStorageSupported: true,
    InstanceStorageInfo: { TotalSizeInGB: 475, NvmeSupport: 'required' },
  },
  { InstanceType: 'm9x.large', VCpuInfo: { DefaultVCpus: 2 }, ProcessorInfo: { SupportedArchitectures: ['x86_64'] } },
];

describe('the catalogue over the wire', () => {
  let gateway: Gateway;
  let clients: AwsClients;

  async function serve(...prices: ServiceOperations[]): Promise<void> {
    gateway = await startGateway({ modules: [{ service: 'ec2', operations: { DescribeInstanceTypes: () => ({ InstanceTypes: TYPES }) } }, ...prices], controlRoutes: [], onDefect: () => undefined });
    clients = createAwsClients({ region: 'us-east-1', endpoint: gateway.url, credentials: { accessKeyId: 'AKIDTEST', secretAccessKey: 'secret' } });
  }

  afterEach(async () => {
    Object.values(clients).forEach((client: AwsClients['ec2']) => client.destroy());
    await gateway.stop();
  });

  test('has all that EC2 tells of a type, the price of the Pricing API and the mean of the newest spot prices', async () => {
    await serve(...priceOperations(async () => ['us-east-1a', 'us-east-1b']));
    const { shapes, unpriced, notes } = await createShapeCatalogue(clients).catalogue();
    const m7i = shapes.find(({ name }) => name === 'm7i.large') as CatalogueShape;
    expect(m7i).toMatchObject({
      vcpus: 2,
      memoryMiB: 8192,
      networkGbps: 0.781,
      networkBurstGbps: 12.5,
      architectures: ['x86_64'],
      usdPerHour: 0.1008,
      priceSource: { kind: 'pricing-api' },
      ebs: { baselineMbps: 650, burstMbps: 10_000, baselineIops: 3600, burstIops: 40_000, nvme: 'required', maximumVolumes: 32 },
      hypervisor: 'nitro',
      ena: 'required',
      cpuBaselineRatio: 1,
      instanceStorage: null,
    });
    expect(m7i.spotUsdPerHour).toBeGreaterThan(0.3 * 0.1008);
    expect(m7i.spotUsdPerHour).toBeLessThan(0.6 * 0.1008);
    expect(unpriced).toEqual(['m9x.large']);
    expect(notes).toEqual(['1 types are left out: no price of theirs is known']);
  });

  test('knows what burstable and flex types may use all the time, and local disks', async () => {
    await serve(...priceOperations(async () => ['us-east-1a']));
    const catalogue = createShapeCatalogue(clients);
    expect(await catalogue.shape('t3.large')).toMatchObject({ burstable: true, cpuBaselineRatio: 0.3 });
    expect(await catalogue.shape('c7i-flex.large')).toMatchObject({ burstable: false, cpuBaselineRatio: 0.4 });
    expect(await catalogue.shape('i3.large')).toMatchObject({ instanceStorage: { totalGB: 475, nvme: 'required' } });
    await expect(catalogue.shape('m9x.large')).rejects.toMatchObject({ type: 'NotFound' });
  });

  test('falls back on the snapshot where the Pricing API refuses, and says so', async () => {
    const refused = () => {
      throw new AwsError('AccessDeniedException', 'not authorized to perform: pricing:GetProducts', 403);
    };
    const old = { InstanceType: 'm7i.large', AvailabilityZone: 'us-east-1a', SpotPrice: '0.00001', Timestamp: new Date(Date.now() - 91 * DAY_MS) };
    await serve({ service: 'pricing', operations: { GetProducts: refused } }, { service: 'ec2', operations: { DescribeSpotPriceHistory: () => ({ SpotPriceHistory: [old] }) } });
    const { shapes, notes } = await createShapeCatalogue(clients).catalogue();
    expect(shapes.find(({ name }) => name === 'm7i.large')).toMatchObject({ usdPerHour: 0.1008, priceSource: { kind: 'snapshot', date: '2025-06-01' }, spotUsdPerHour: null });
    expect(notes[0]).toMatch(/^the Pricing API did not answer: list prices: AccessDeniedException/);
    expect(notes[1]).toBe('4 of 4 prices are those of us-east-1 on 2025-06-01, from the snapshot that is bundled as a fallback');
  });
});
