import type { CatalogueShape } from './catalogue-shape';

/** What is asked of all instances together. Mbps and Gbps are 10^6 and 10^9 bits a second. */
export interface ResourceDemand {
  readonly vcpus: number;
  readonly memoryMiB: number;
  readonly networkGbps?: number;
  readonly ebsMbps?: number;
}

export interface ShapeDemand {
  /** An upper quantile of the demand over the request's duration. */
  readonly peak: ResourceDemand;
  readonly average: ResourceDemand;
}

export const RESOURCES = ['vcpus', 'memoryMiB', 'networkGbps', 'ebsMbps'] as const;

export type Resource = (typeof RESOURCES)[number];

export const RESOURCE_NAMES: Readonly<Record<Resource, string>> = { vcpus: 'CPU', memoryMiB: 'memory', networkGbps: 'network', ebsMbps: 'EBS bandwidth' };

/** What an instance reaches for a while: its burst limits hold a peak. */
export function burstLimits(shape: CatalogueShape): Record<Resource, number> {
  return { vcpus: shape.vcpus, memoryMiB: shape.memoryMiB, networkGbps: shape.networkBurstGbps, ebsMbps: shape.ebs.burstMbps };
}

/** What an instance keeps up: its baseline limits hold an average. */
export function sustainedLimits(shape: CatalogueShape): Record<Resource, number> {
  return { vcpus: shape.vcpus * shape.cpuBaselineRatio, memoryMiB: shape.memoryMiB, networkGbps: shape.networkGbps, ebsMbps: shape.ebs.baselineMbps };
}

/** The resource that a demand uses most of, and its utilization as a ratio: above 1 where the limits do not hold it, infinite where there is none of it at all. */
export function busiestResource(demand: ResourceDemand, limits: Readonly<Record<Resource, number>>): { readonly resource: Resource; readonly ratio: number } {
  let busiest: { resource: Resource; ratio: number } = { resource: 'vcpus', ratio: 0 };
  for (const resource of RESOURCES) {
    const needed = demand[resource] ?? 0;
    const ratio = needed === 0 ? 0 : needed / limits[resource];
    if (ratio > busiest.ratio) busiest = { resource, ratio };
  }
  return busiest;
}
