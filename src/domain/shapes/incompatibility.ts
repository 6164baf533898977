import type { CatalogueShape, InstanceStorage } from './catalogue-shape';
import type { InstanceNeeds } from './instance-needs';

/**
 * The first reason why an instance with these needs cannot run on a shape; null where it can. Source: EC2 user guide, "Compatibility for changing the instance type", held strictly: what might
 * be in use counts as used.
 */
export function incompatibility(needs: InstanceNeeds, shape: CatalogueShape): string | null {
  for (const check of CHECKS) {
    const reason = check(needs, shape);
    if (reason !== null) return reason;
  }
  return null;
}

type Check = (needs: InstanceNeeds, shape: CatalogueShape) => string | null;

const CHECKS: readonly Check[] = [
  ({ architecture }, shape) => (shape.architectures.includes(architecture) ? null : `it does not run ${architecture}`),
  ({ virtualizations }, shape) => lacking(virtualizations, shape.virtualizations, 'virtualization'),
  ({ bootModes }, shape) => lacking(bootModes, shape.bootModes, 'boot mode'),
  ({ rootDevices }, shape) => lacking(rootDevices, shape.rootDevices, 'root device'),
  ({ hasEnaDriver }, shape) => (shape.ena === 'required' && !hasEnaDriver ? 'it requires ENA, whose driver the image may lack' : null),
  ({ hypervisor }, shape) => (hypervisor === 'either' || shape.hypervisor === null || shape.hypervisor === hypervisor ? null : `its hypervisor is ${shape.hypervisor}, the source's ${hypervisor}`),
  ({ bareMetal }, shape) => (shape.bareMetal === bareMetal ? null : shape.bareMetal ? 'it is bare metal' : 'it is no bare metal'),
  ({ volumeNames }, shape) => volumeNamesDiffer(volumeNames, shape),
  ({ networkInterfaces }, shape) => fewer(shape.maximumNetworkInterfaces, networkInterfaces, 'network interfaces'),
  ({ volumes }, shape) => fewer(shape.ebs.maximumVolumes, volumes, 'EBS volumes'),
  ({ instanceStorage }, shape) => localDisksDiffer(instanceStorage, shape.instanceStorage),
  (needs, shape) => acceleratorsLacking(needs, shape),
  ({ placementStrategies }, shape) => lacking(placementStrategies, shape.placementStrategies, 'placement strategy'),
];

function lacking(needed: readonly string[], offered: readonly string[], what: string): string | null {
  const missing = needed.filter((one) => !offered.includes(one));
  return missing.length === 0 ? null : `it lacks ${what} ${missing.join(', ')}`;
}

function fewer(offered: number, needed: number, what: string): string | null {
  return offered >= needed ? null : `it has too few ${what}`;
}

function volumeNamesDiffer(names: InstanceNeeds['volumeNames'], { ebs }: CatalogueShape): string | null {
  if (names === 'either' || (ebs.nvme === 'required') === (names === 'nvme')) return null;
  return names === 'nvme' ? 'its EBS volumes are no NVMe devices' : 'its EBS volumes are NVMe devices under other names';
}

function localDisksDiffer(needed: InstanceStorage | null, offered: InstanceStorage | null): string | null {
  if (needed === null) return null;
  if (offered === null || offered.totalGB < needed.totalGB) return 'it has too little instance storage';
  return (offered.nvme === 'required') === (needed.nvme === 'required') ? null : 'its local disks appear under other names';
}

function acceleratorsLacking({ accelerators }: InstanceNeeds, shape: CatalogueShape): string | null {
  const missing = accelerators.find((needed) => !shape.accelerators.some((one) => one.kind === needed.kind && one.name === needed.name && one.count >= needed.count && one.memoryMiB >= needed.memoryMiB));
  return missing === undefined ? null : `it lacks ${missing.count} x ${missing.name}`;
}
