import fc from 'fast-check';
import type { CatalogueShape } from '../../../src/domain/shapes/catalogue-shape';
import type { ShapeRequest } from '../../../src/domain/shapes/shape-request';

/** A current Nitro type with 1 vCPU to 4 GiB, of no instance storage; `change` says what is different. */
export function shapeOf(name: string, change: Partial<CatalogueShape> = {}): CatalogueShape {
  const vcpus = change.vcpus ?? 2;
  return {
    name,
    family: name.split('.')[0] ?? name,
    vcpus,
    memoryMiB: vcpus * 4096,
    networkGbps: 1,
    networkBurstGbps: 10,
    architecture: 'x86_64',
    architectures: ['x86_64'],
    usdPerHour: vcpus * 0.05,
    cpuBaselineRatio: 1,
    burstable: false,
    clockGhz: 3.2,
    ebs: { baselineMbps: 650, burstMbps: 10_000, baselineIops: 3600, burstIops: 40_000, nvme: 'required', maximumVolumes: 28 },
    instanceStorage: null,
    virtualizations: ['hvm'],
    hypervisor: 'nitro',
    bareMetal: false,
    ena: 'required',
    maximumNetworkInterfaces: 3,
    accelerators: [],
    placementStrategies: ['cluster', 'partition', 'spread'],
    bootModes: ['legacy-bios', 'uefi'],
    rootDevices: ['ebs'],
    currentGeneration: true,
    priceSource: { kind: 'snapshot', date: '2025-06-01' },
    spotUsdPerHour: null,
    ...change,
  };
}

export function requestOf(change: Partial<ShapeRequest> = {}): ShapeRequest {
  return {
    demand: { peak: { vcpus: 2, memoryMiB: 4096 }, average: { vcpus: 1, memoryMiB: 4096 } },
    durationMs: 3_600_000,
    tradeoff: 0,
    minimumCount: 1,
    maximumCount: 4,
    targetUtilizationRatio: 0.8,
    constraints: {},
    ...change,
  };
}

const randomShape: fc.Arbitrary<Partial<CatalogueShape>> = fc.record({
  vcpus: fc.constantFrom(1, 2, 4, 8, 16, 32),
  memoryMiB: fc.constantFrom(1024, 2048, 4096, 8192, 16_384, 65_536),
  networkGbps: fc.constantFrom(0.5, 1, 5, 12.5),
  networkBurstGbps: fc.constantFrom(12.5, 25),
  usdPerHour: fc.integer({ min: 0, max: 2000 }).map((thousandths) => thousandths / 1000),
  cpuBaselineRatio: fc.constantFrom(0.1, 0.4, 1),
  burstable: fc.boolean(),
  currentGeneration: fc.boolean(),
  family: fc.constantFrom('m7i', 'c7i', 't3'),
  architectures: fc.constantFrom(['x86_64'], ['arm64'], ['i386', 'x86_64']),
});

export const randomCatalogue: fc.Arbitrary<CatalogueShape[]> = fc.array(randomShape, { maxLength: 25 }).map((changes) => changes.map((change, i) => shapeOf(`${change.family}.size-${i}`, change)));

export const randomRequest: fc.Arbitrary<ShapeRequest> = fc
  .record({
    peakVcpus: fc.integer({ min: 0, max: 400 }),
    averageShare: fc.double({ min: 0, max: 1, noNaN: true }),
    memoryMiB: fc.integer({ min: 0, max: 200_000 }),
    networkGbps: fc.option(fc.integer({ min: 0, max: 30 }), { nil: undefined }),
    tradeoff: fc.oneof(fc.constantFrom(0, 0.5, 1), fc.double({ min: 0, max: 1, noNaN: true })),
    minimumCount: fc.integer({ min: 1, max: 4 }),
    more: fc.integer({ min: 0, max: 12 }),
    target: fc.constantFrom(0.5, 0.7, 0.9, 1),
    maximumUsdPerHour: fc.option(fc.integer({ min: 0, max: 20 }), { nil: undefined }),
    burstableAllowed: fc.boolean(),
    architecture: fc.option(fc.constantFrom('x86_64', 'arm64'), { nil: undefined }),
  })
  .map(({ peakVcpus, averageShare, memoryMiB, networkGbps, tradeoff, minimumCount, more, target, maximumUsdPerHour, burstableAllowed, architecture }) =>
    requestOf({
      demand: {
        peak: { vcpus: peakVcpus / 10, memoryMiB, ...(networkGbps === undefined ? {} : { networkGbps }) },
        average: { vcpus: (peakVcpus / 10) * averageShare, memoryMiB },
      },
      tradeoff,
      minimumCount,
      maximumCount: minimumCount + more,
      targetUtilizationRatio: target,
      constraints: { burstableAllowed, ...(maximumUsdPerHour === undefined ? {} : { maximumUsdPerHour }), ...(architecture === undefined ? {} : { architecture }) },
    }),
  );
