import type { InstanceTypeInfo } from '@aws-sdk/client-ec2';
import { familyOf } from '../../domain/shape';
import type { Accelerator, CatalogueShape, EbsLimits, InstanceStorage, PriceSource, Support } from '../../domain/shapes/catalogue-shape';
import { cpuBaselineRatio } from './cpu-baselines';

/** What a shape costs. */
export interface ShapePrice {
  readonly usdPerHour: number;
  readonly source: PriceSource;
  readonly spotUsdPerHour: number | null;
}

/** A type of DescribeInstanceTypes as the product's shape. Bandwidth that EC2 does not state counts as 1 Gbps of network, and as none of EBS. */
export function catalogueShapeOf(type: InstanceTypeInfo, { usdPerHour, source, spotUsdPerHour }: ShapePrice): CatalogueShape {
  const name = type.InstanceType ?? '';
  const architectures = type.ProcessorInfo?.SupportedArchitectures ?? ['x86_64'];
  const burstable = type.BurstablePerformanceSupported ?? false;
  const networkGbps = type.NetworkInfo?.NetworkCards?.[0]?.BaselineBandwidthInGbps ?? 1;
  return {
    name,
    family: familyOf(name),
    vcpus: type.VCpuInfo?.DefaultVCpus ?? 0,
    memoryMiB: type.MemoryInfo?.SizeInMiB ?? 0,
    networkGbps,
    networkBurstGbps: Math.max(networkGbps, type.NetworkInfo?.NetworkCards?.[0]?.PeakBandwidthInGbps ?? 0),
    architecture: architectures.find((one) => one !== 'i386') ?? 'i386',
    architectures,
    usdPerHour,
    priceSource: source,
    spotUsdPerHour,
    cpuBaselineRatio: cpuBaselineRatio(name, burstable),
    burstable,
    clockGhz: type.ProcessorInfo?.SustainedClockSpeedInGhz ?? null,
    ebs: ebsOf(type),
    instanceStorage: instanceStorageOf(type),
    virtualizations: type.SupportedVirtualizationTypes ?? ['hvm'],
    hypervisor: type.Hypervisor ?? null,
    bareMetal: type.BareMetal ?? false,
    ena: supportOf(type.NetworkInfo?.EnaSupport),
    maximumNetworkInterfaces: type.NetworkInfo?.MaximumNetworkInterfaces ?? 1,
    accelerators: acceleratorsOf(type),
    placementStrategies: type.PlacementGroupInfo?.SupportedStrategies ?? [],
    bootModes: type.SupportedBootModes ?? ['legacy-bios'],
    rootDevices: type.SupportedRootDeviceTypes ?? ['ebs'],
    currentGeneration: type.CurrentGeneration ?? false,
  };
}

function ebsOf({ EbsInfo }: InstanceTypeInfo): EbsLimits {
  const limits = EbsInfo?.EbsOptimizedInfo;
  return {
    baselineMbps: limits?.BaselineBandwidthInMbps ?? 0,
    burstMbps: limits?.MaximumBandwidthInMbps ?? 0,
    baselineIops: limits?.BaselineIops ?? 0,
    burstIops: limits?.MaximumIops ?? 0,
    nvme: supportOf(EbsInfo?.NvmeSupport),
    maximumVolumes: EbsInfo?.MaximumEbsAttachments ?? 1,
  };
}

function instanceStorageOf({ InstanceStorageInfo }: InstanceTypeInfo): InstanceStorage | null {
  if (InstanceStorageInfo === undefined) return null;
  return { totalGB: InstanceStorageInfo.TotalSizeInGB ?? 0, nvme: supportOf(InstanceStorageInfo.NvmeSupport) };
}

interface Device {
  readonly Name?: string | undefined;
  readonly Count?: number | undefined;
  readonly MemoryInfo?: { readonly SizeInMiB?: number | undefined } | undefined;
}

function acceleratorsOf(type: InstanceTypeInfo): Accelerator[] {
  const of = (kind: Accelerator['kind'], devices: readonly Device[] | undefined): Accelerator[] =>
    (devices ?? []).map(({ Name, Count, MemoryInfo }) => ({ kind, name: Name ?? kind, count: Count ?? 0, memoryMiB: MemoryInfo?.SizeInMiB ?? 0 }));
  return [
    ...of('gpu', type.GpuInfo?.Gpus),
    ...of('fpga', type.FpgaInfo?.Fpgas),
    ...of('inference', type.InferenceAcceleratorInfo?.Accelerators),
    ...of('media', type.MediaAcceleratorInfo?.Accelerators),
    ...of('neuron', type.NeuronInfo?.NeuronDevices),
  ];
}

function supportOf(text: string | undefined): Support {
  return text === 'required' || text === 'supported' ? text : 'unsupported';
}
