import type { Accelerator, CatalogueShape, InstanceStorage } from './catalogue-shape';

/**
 * What an instance, its image and its volumes rely on. An instance type tells only what may be in use; who knows the instance itself says less (`networkInterfaces` of
 * DescribeInstances, `virtualization`, `bootMode` and ENA of DescribeImages).
 */
export interface InstanceNeeds {
  readonly architecture: string;
  /** Everything listed must be supported. */
  readonly virtualizations: readonly string[];
  readonly bootModes: readonly string[];
  readonly rootDevices: readonly string[];
  /** The image brings ENA's driver. */
  readonly hasEnaDriver: boolean;
  /** How EBS volumes appear: as /dev/nvme*, as the names they were attached under, or either (the image mounts by UUID and brings the NVMe driver). */
  readonly volumeNames: 'nvme' | 'xen' | 'either';
  readonly hypervisor: 'nitro' | 'xen' | 'either';
  readonly bareMetal: boolean;
  /** Elastic network interfaces attached. */
  readonly networkInterfaces: number;
  readonly volumes: number;
  /** Null where the local disks are not used. */
  readonly instanceStorage: InstanceStorage | null;
  readonly accelerators: readonly Accelerator[];
  readonly placementStrategies: readonly string[];
}

/**
 * The most that an instance of a type may rely on, where nothing else is known of it. Counts are the exception: one network interface and one volume, for a type's
 * maximum would forbid every smaller size; say how many are attached where there are more.
 */
export function needsOf(shape: CatalogueShape): InstanceNeeds {
  return {
    architecture: shape.architecture,
    virtualizations: shape.virtualizations,
    bootModes: shape.bootModes,
    rootDevices: shape.rootDevices,
    hasEnaDriver: shape.ena === 'required',
    volumeNames: shape.ebs.nvme === 'required' ? 'nvme' : 'xen',
    hypervisor: shape.hypervisor ?? 'either',
    bareMetal: shape.bareMetal,
    networkInterfaces: 1,
    volumes: 1,
    instanceStorage: shape.instanceStorage,
    accelerators: shape.accelerators,
    placementStrategies: shape.placementStrategies,
  };
}
