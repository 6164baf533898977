import type { ResourceDemand, ShapeDemand } from '../shapes/shape-demand';

/** What the forecasts say of a service in a locality, and what it has there. */
export interface ServiceDemand extends ShapeDemand {
  readonly instances: number;
  readonly allocated: ResourceDemand;
  readonly usdPerHour: number;
  /** Running instances by zone. */
  readonly instancesByZone: Readonly<Record<string, number>>;
  /** Digests of the forecasts, and what they say in a sentence. */
  readonly forecasts: readonly string[];
}

/**
 * The demand that `replicas` new replicas of a service have to carry: what goes beyond what the present instances may carry at the target
 * utilization, and never less than an even share, since a balancer gives every target the same.
 *
 * @param replicas how many are certain to come, at least 1
 */
export function demandOfReplicas(service: ServiceDemand, { replicas, targetUtilizationRatio }: { readonly replicas: number; readonly targetUtilizationRatio: number }): ShapeDemand {
  const evenShare = replicas / (service.instances + replicas);
  const shortOf = (needed: number, allocated: number): number => Math.max(needed * evenShare, needed - allocated * targetUtilizationRatio);
  const part = (amounts: ResourceDemand): ResourceDemand => ({
    vcpus: shortOf(amounts.vcpus, service.allocated.vcpus),
    memoryMiB: shortOf(amounts.memoryMiB, service.allocated.memoryMiB),
    ...(amounts.networkGbps === undefined ? {} : { networkGbps: amounts.networkGbps * evenShare }),
  });
  return { peak: part(service.peak), average: part(service.average) };
}
