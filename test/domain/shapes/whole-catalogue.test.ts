import type { InstanceTypeInfo } from '@aws-sdk/client-ec2';
import { catalogueShapeOf } from '../../../src/adapters/aws/catalogue-shape-of';
import type { CatalogueShape } from '../../../src/domain/shapes/catalogue-shape';
import { replacementsOf } from '../../../src/domain/shapes/replacements-of';
import { selectShape } from '../../../src/domain/shapes/select-shape';
import { TOOLS_TIMEOUT_MS } from '../../infra/local/gateway/outside-tools';
import { readInstanceTypes } from '../../support/instance-types';
import { requestOf } from './generated-catalogue';

let types: ReadonlyMap<string, InstanceTypeInfo>;
let catalogue: readonly CatalogueShape[];

beforeAll(async () => {
  const all = await readInstanceTypes();
  types = new Map(all.map((type) => [type.InstanceType ?? '', type]));
  // Every type takes part, so every type has a price here.
  const usdOf = ({ VCpuInfo, MemoryInfo }: InstanceTypeInfo): number => (VCpuInfo?.DefaultVCpus ?? 0) * 0.03 + ((MemoryInfo?.SizeInMiB ?? 0) / 1024) * 0.004;
  catalogue = all.map((type) => catalogueShapeOf(type, { usdPerHour: usdOf(type), source: { kind: 'custom' }, spotUsdPerHour: null }));
}, TOOLS_TIMEOUT_MS);

/** What EC2's user guide asks of a change of type, read from EC2's own records and from none of the product's code; all that the source's type might have in use. */
function breaks(source: InstanceTypeInfo, target: InstanceTypeInfo, interfaces: number, volumes: number): string[] {
  const broken: string[] = [];
  const must = (holds: boolean, what: string): void => void (holds || broken.push(what));
  const holdsAll = (of: readonly string[] = [], all: readonly string[] = []): boolean => all.every((one) => of.includes(one));
  const own = (source.ProcessorInfo?.SupportedArchitectures ?? []).filter((one) => one !== 'i386');
  must(holdsAll(target.ProcessorInfo?.SupportedArchitectures, own), 'architecture');
  must(holdsAll(target.SupportedVirtualizationTypes, source.SupportedVirtualizationTypes), 'virtualization');
  must(holdsAll(target.SupportedBootModes, source.SupportedBootModes), 'boot mode');
  must(holdsAll(target.SupportedRootDeviceTypes, source.SupportedRootDeviceTypes), 'root device');
  must(holdsAll(target.PlacementGroupInfo?.SupportedStrategies, source.PlacementGroupInfo?.SupportedStrategies), 'placement');
  must(target.NetworkInfo?.EnaSupport !== 'required' || source.NetworkInfo?.EnaSupport === 'required', 'ENA');
  must((target.NetworkInfo?.MaximumNetworkInterfaces ?? 0) >= interfaces, 'network interfaces');
  must((target.EbsInfo?.MaximumEbsAttachments ?? 0) >= volumes, 'EBS volumes');
  must((target.EbsInfo?.NvmeSupport === 'required') === (source.EbsInfo?.NvmeSupport === 'required'), 'NVMe names');
  must(target.BareMetal === source.BareMetal, 'bare metal');
  must(target.Hypervisor === source.Hypervisor, 'hypervisor');
  const [disks, needed] = [target.InstanceStorageInfo, source.InstanceStorageInfo];
  must(needed === undefined || (disks?.TotalSizeInGB ?? 0) >= (needed.TotalSizeInGB ?? 0), 'instance storage');
  must(needed === undefined || (disks?.NvmeSupport === 'required') === (needed.NvmeSupport === 'required'), 'names of local disks');
  const gpus = target.GpuInfo?.Gpus ?? [];
  for (const gpu of source.GpuInfo?.Gpus ?? []) must(gpus.some(({ Name, Count }) => Name === gpu.Name && (Count ?? 0) >= (gpu.Count ?? 0)), 'GPU');
  must((target.FpgaInfo !== undefined) >= (source.FpgaInfo !== undefined), 'FPGA');
  must((target.NeuronInfo !== undefined) >= (source.NeuronInfo !== undefined), 'Neuron');
  must((target.InferenceAcceleratorInfo !== undefined) >= (source.InferenceAcceleratorInfo !== undefined), 'inference accelerator');
  must((target.MediaAcceleratorInfo !== undefined) >= (source.MediaAcceleratorInfo !== undefined), 'media accelerator');
  return broken;
}

const typeOf = (name: string): InstanceTypeInfo => types.get(name) as InstanceTypeInfo;

test('for every instance type as source, nothing that may replace it is incompatible, and it may be replaced by itself', () => {
  expect(catalogue.length).toBeGreaterThan(1000);
  const wrong: string[] = [];
  for (const source of catalogue) {
    const replacements = replacementsOf(source, catalogue);
    if (!replacements.includes(source)) wrong.push(`${source.name} cannot replace itself`);
    for (const { name } of replacements) {
      const broken = breaks(typeOf(source.name), typeOf(name), 1, 1);
      if (broken.length > 0) wrong.push(`${source.name} -> ${name}: ${broken.join(', ')}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('for every instance type as source with all of its interfaces and volumes in use, nothing that is proposed for it is incompatible', () => {
  const wrong: string[] = [];
  let proposed = 0;
  for (const source of catalogue) {
    const { maximumNetworkInterfaces: networkInterfaces, ebs } = source;
    const half = { vcpus: source.vcpus / 2, memoryMiB: source.memoryMiB / 2 };
    const constraints = { compatibleWith: source, needs: { networkInterfaces, volumes: ebs.maximumVolumes }, burstableAllowed: true };
    const { ranking } = selectShape(requestOf({ demand: { peak: half, average: { ...half, vcpus: half.vcpus / 10 } }, tradeoff: 0.2, maximumCount: 1, constraints }), catalogue);
    proposed += ranking.length;
    for (const { shape } of ranking) {
      const broken = breaks(typeOf(source.name), typeOf(shape.name), networkInterfaces, ebs.maximumVolumes);
      if (broken.length > 0) wrong.push(`${source.name} -> ${shape.name}: ${broken.join(', ')}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(proposed).toBeGreaterThan(catalogue.length);
});

test('an ordinary type can become smaller, larger and of another family', () => {
  const names = replacementsOf(catalogue.find(({ name }) => name === 'm7i.xlarge') as CatalogueShape, catalogue).map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['m7i.large', 'm7i.8xlarge', 'c7i.xlarge', 'r6i.xlarge']));
  for (const never of ['m7g.xlarge', 'm4.xlarge', 'm7i.metal-24xl', 't3.xlarge', 'm7i-flex.xlarge', 'mac2.metal']) expect(names).not.toContain(never);
});
