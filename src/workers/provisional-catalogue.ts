import type { ShapeCatalogue } from '../adapters/aws/shape-catalogue';
import { PRICE_SNAPSHOT_DATE } from '../adapters/aws/price-snapshot';
import type { CatalogueShape } from '../domain/shapes/catalogue-shape';

/** Until the catalogue reads all that AWS says of a shape. */
export async function provisionalCatalogue(catalogue: ShapeCatalogue): Promise<CatalogueShape[]> {
  const shapes = [...(await catalogue.shapes('x86_64')), ...(await catalogue.shapes('arm64'))];
  return shapes.map((shape) => ({
    ...shape,
    networkBurstGbps: shape.networkGbps,
    cpuBaselineRatio: shape.family.startsWith('t') ? 0.2 : 1,
    burstable: shape.family.startsWith('t'),
    clockGhz: null,
    ebs: { baselineMbps: 1000, burstMbps: 4000, baselineIops: 4000, burstIops: 20000, nvme: 'required', maximumVolumes: 28 },
    instanceStorage: null,
    architectures: [shape.architecture],
    virtualizations: ['hvm'],
    hypervisor: 'nitro',
    bareMetal: false,
    ena: 'required',
    maximumNetworkInterfaces: 4,
    accelerators: [],
    placementStrategies: ['cluster', 'partition', 'spread'],
    bootModes: ['legacy-bios', 'uefi'],
    rootDevices: ['ebs'],
    currentGeneration: true,
    priceSource: { kind: 'snapshot', date: PRICE_SNAPSHOT_DATE },
    spotUsdPerHour: null,
  }));
}
