import type { CatalogueShape, PriceSource } from '../../domain/shapes/catalogue-shape';
import type { NamedShape } from '../../domain/shapes/named-shape';
import type { ShapeSelection } from '../../domain/shapes/select-shape';
import type { ShapeRefusal } from '../../domain/shapes/shape-refusals';
import { tierOf } from '../../domain/shapes/tiers';
import type { ShapeSuggestions } from '../../forecasting/patterns/suggest-shapes';
import { alignColumns } from '../forecast/align-columns';

/** Shapes as a table. */
export function describeList(shapes: readonly CatalogueShape[]): string[] {
  const rows = shapes.map((shape) => [
    shape.name,
    tierOf(shape),
    `${shape.vcpus}${shape.cpuBaselineRatio < 1 ? ` (${Math.round(shape.cpuBaselineRatio * 100)} %)` : ''}`,
    gib(shape.memoryMiB),
    `${shape.networkGbps} - ${shape.networkBurstGbps}`,
    `${shape.ebs.baselineMbps} - ${shape.ebs.burstMbps}`,
    shape.architecture,
    shape.usdPerHour.toFixed(4),
    shape.spotUsdPerHour?.toFixed(4) ?? '-',
    describeSource(shape.priceSource),
  ]);
  return alignColumns([['shape', 'tier', 'vCPUs', 'GiB', 'network Gbps', 'EBS Mbps', 'runs', 'USD/h', 'spot', 'price from'], ...rows]);
}

export function describeNamed(named: readonly NamedShape[]): string[] {
  const rows = named.map(({ name, count, instanceType, volume, usdPerHour, version }) => [name, `${count} x ${instanceType}`, volume === null ? '-' : `gp3 ${volume.iops} IOPS, ${volume.throughputMiBps} MiB/s`, usdPerHour?.toFixed(4) ?? 'of the list', version]);
  return alignColumns([['own shape', 'instances', 'volume', 'USD/h each', 'version'], ...rows]);
}

/** All that is known of one shape. */
export function describeShape(shape: CatalogueShape, replacements: readonly CatalogueShape[], refused: readonly ShapeRefusal[]): string[] {
  const { ebs, instanceStorage, accelerators } = shape;
  const facts: [string, string][] = [
    ['tier', tierOf(shape)],
    ['CPU', `${shape.vcpus} vCPUs${shape.clockGhz === null ? '' : ` at ${shape.clockGhz} GHz`}, ${shape.architectures.join(', ')}${shape.cpuBaselineRatio < 1 ? `; ${Math.round(shape.cpuBaselineRatio * 100)} % of them all the time${shape.burstable ? ', more for CPU credits' : ''}` : ''}`],
    ['memory', `${gib(shape.memoryMiB)} GiB`],
    ['network', `${shape.networkGbps} Gbps sustained, ${shape.networkBurstGbps} Gbps in bursts, ENA ${shape.ena}, up to ${shape.maximumNetworkInterfaces} interfaces`],
    ['EBS', `${ebs.baselineMbps} Mbps and ${ebs.baselineIops} IOPS sustained, ${ebs.burstMbps} Mbps and ${ebs.burstIops} IOPS in bursts, NVMe ${ebs.nvme}, up to ${ebs.maximumVolumes} volumes`],
    ['local disks', instanceStorage === null ? 'none' : `${instanceStorage.totalGB} GB, NVMe ${instanceStorage.nvme}`],
    ...(accelerators.length === 0 ? [] : [['accelerators', accelerators.map(({ count, name, memoryMiB }) => `${count} x ${name} with ${gib(memoryMiB)} GiB`).join(', ')] satisfies [string, string]]),
    ['platform', `${shape.hypervisor ?? 'bare metal'}, ${shape.virtualizations.join(', ')}, boots by ${shape.bootModes.join(', ')}, root on ${shape.rootDevices.join(', ')}`],
    ['placement', shape.placementStrategies.join(', ') || 'in no group'],
    ['generation', shape.currentGeneration ? 'current' : 'previous'],
    ['price', `${shape.usdPerHour.toFixed(4)} USD/h (${describeSource(shape.priceSource)})${shape.spotUsdPerHour === null ? '' : `, spot ${shape.spotUsdPerHour.toFixed(4)} USD/h`}`],
    ['may become', `${replacements.length} shapes as it is, such as ${replacements.filter(({ name }) => name !== shape.name).slice(0, 5).map(({ name }) => name).join(', ')}`],
  ];
  return [shape.name, ...alignColumns(facts), 'may not become:', ...describeRefused(refused)];
}

/** A selection: the ranking, then why the rest was not considered. */
export function describeSelection({ chosen, ranking, refused }: ShapeSelection): string[] {
  const rows = ranking.map(({ shape, count, usdPerHour, usdTotal, performance, score }) => [`${count} x ${shape.name}`, score.toFixed(4), performance.toFixed(4), usdPerHour.toFixed(4), usdTotal.toFixed(2), describeSource(shape.priceSource)]);
  return [
    chosen === null ? 'nothing fits' : `chosen: ${chosen.why}`,
    ...(ranking.length === 0 ? [] : alignColumns([['shape', 'score', 'performance', 'USD/h', 'USD in all', 'price from'], ...rows])),
    ...(refused.length === 0 ? [] : ['not considered:', ...describeRefused(refused)]),
  ];
}

function describeRefused(refused: readonly ShapeRefusal[]): string[] {
  return alignColumns(refused.map(({ count, reason, examples }) => [String(count), reason, examples.join(', ')]));
}

export function describeSuggestions({ shapes, left }: ShapeSuggestions): string[] {
  const before = shapes.reduce((sum, one) => sum + one.usdPerHourBefore, 0);
  const after = shapes.reduce((sum, one) => sum + one.usdPerHourAfter, 0);
  return [
    ...shapes.flatMap(({ shape, members, usdPerHourBefore, usdPerHourAfter }) => [
      `${shape.name} (version ${shape.version}): ${shape.count} x ${shape.instanceType}, ${usdPerHourBefore.toFixed(4)} -> ${usdPerHourAfter.toFixed(4)} USD/h for ${members.length === 1 ? 'one instance' : `${members.length} instances`}`,
      ...shape.why.map((reason) => `  - ${reason}`),
      `  - for ${members.slice(0, 6).join(', ')}${members.length > 6 ? ` and ${members.length - 6} more` : ''}`,
    ]),
    ...left.map(({ id, reason }) => `${id} stays: ${reason}`),
    `in all ${before.toFixed(4)} -> ${after.toFixed(4)} USD/h (${before === 0 ? 0 : Math.round((after / before - 1) * 100)} %)`,
  ];
}

function describeSource(source: PriceSource): string {
  switch (source.kind) {
    case 'pricing-api':
      return 'Pricing API';
    case 'custom':
      return 'own file';
    case 'snapshot':
      return `snapshot of ${source.date}`;
  }
}

function gib(memoryMiB: number): string {
  return String(Math.round((memoryMiB / 1024) * 100) / 100);
}
