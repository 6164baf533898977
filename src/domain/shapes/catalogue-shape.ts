import type { Shape } from '../shape';

/** Where a price comes from: AWS's own list, a file of the operator's, or the dated snapshot that is bundled for when nothing else answers. */
export type PriceSource = { readonly kind: 'pricing-api' | 'custom' } | { readonly kind: 'snapshot'; readonly date: string };

/** Whether an instance type can do without something, may use it, or cannot. */
export type Support = 'required' | 'supported' | 'unsupported';

/** A kind of device beside the CPU; `count` devices with `memoryMiB` each. */
export interface Accelerator {
  readonly kind: 'gpu' | 'fpga' | 'inference' | 'media' | 'neuron';
  readonly name: string;
  readonly count: number;
  readonly memoryMiB: number;
}

/** EBS limits of an instance: what it sustains, and what it reaches for at least 30 minutes once a day. Mbps are 10^6 bits a second. */
export interface EbsLimits {
  readonly baselineMbps: number;
  readonly burstMbps: number;
  readonly baselineIops: number;
  readonly burstIops: number;
  readonly nvme: Support;
  readonly maximumVolumes: number;
}

export interface InstanceStorage {
  readonly totalGB: number;
  readonly nvme: Support;
}

/**
 * An instance type with all that decides where an instance can go: the small `Shape` that planning weighs, its limits, and what a machine image must bring to run there.
 * `networkGbps` is the sustained bandwidth, as in `Shape`.
 */
export interface CatalogueShape extends Shape {
  readonly networkBurstGbps: number;
  /** The share (0..1) of its vCPUs that may be used all the time; below 1 for burstable (T) and flex types, which go above it for a while only. */
  readonly cpuBaselineRatio: number;
  /** Spends CPU credits above its baseline (T families). */
  readonly burstable: boolean;
  readonly clockGhz: number | null;
  readonly ebs: EbsLimits;
  /** Null where it has only EBS volumes. */
  readonly instanceStorage: InstanceStorage | null;
  /** Every architecture whose images it boots; `architecture` is the widest of them. */
  readonly architectures: readonly string[];
  /** `hvm`, `paravirtual`. */
  readonly virtualizations: readonly string[];
  /** Null on bare metal. */
  readonly hypervisor: 'nitro' | 'xen' | null;
  readonly bareMetal: boolean;
  readonly ena: Support;
  readonly maximumNetworkInterfaces: number;
  readonly accelerators: readonly Accelerator[];
  /** Strategies of placement groups that take it: `cluster`, `partition`, `spread`. */
  readonly placementStrategies: readonly string[];
  /** `legacy-bios`, `uefi`. */
  readonly bootModes: readonly string[];
  /** `ebs`, `instance-store`. */
  readonly rootDevices: readonly string[];
  readonly currentGeneration: boolean;
  readonly priceSource: PriceSource;
  /** Mean over the zones of the newest spot prices; null where none is known. */
  readonly spotUsdPerHour: number | null;
}
