import type { LoadMetric } from './forecast';

/** What is known of a resource, in CloudWatch's own unit: percents and credits as an average of the step, everything else as a sum over the step. */
export type CollectedMetric = 'cpuPercent' | 'memoryPercent' | 'networkInBytes' | 'networkOutBytes' | 'diskReadOps' | 'diskWriteOps' | 'requests' | 'cpuCreditBalance';

/** What one instance publishes. `requests` is counted by the balancer, per target group. */
export const INSTANCE_METRICS: readonly CollectedMetric[] = ['cpuPercent', 'memoryPercent', 'networkInBytes', 'networkOutBytes', 'diskReadOps', 'diskWriteOps'];

/** One series of the history. */
export interface SeriesKey {
  /** An instance id, or what `trafficResource` makes of a target group. */
  readonly resource: string;
  readonly metric: CollectedMetric;
  /** A whole part of a day, from one minute. */
  readonly stepMs: number;
}

/** Where the load of a forecast comes from, and whether it is a rate of what was summed. */
export const LOAD_ORIGIN: Readonly<Record<LoadMetric, { readonly metric: CollectedMetric; readonly perSecond: boolean }>> = {
  cpuPercent: { metric: 'cpuPercent', perSecond: false },
  memoryPercent: { metric: 'memoryPercent', perSecond: false },
  networkBytesPerSecond: { metric: 'networkOutBytes', perSecond: true },
};

/** The name under which a target group's requests are kept. */
export function trafficResource(targetGroupArn: string, loadBalancerArn: string): string {
  return `${targetGroupArn} ${loadBalancerArn}`;
}

/** The reverse of `trafficResource`; null for another kind of resource. */
export function trafficArns(resource: string): { readonly targetGroupArn: string; readonly loadBalancerArn: string } | null {
  const [targetGroupArn, loadBalancerArn, ...rest] = resource.split(' ');
  if (targetGroupArn === undefined || loadBalancerArn === undefined || rest.length > 0) return null;
  return { targetGroupArn, loadBalancerArn };
}
