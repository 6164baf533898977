import type { ForecastNeed } from './coming-need';
import type { CpuDemand } from './fleet-load';
import type { HostGroup } from './host-group';

/** How full a target may become, and which one is preferred. */
export interface TargetRule {
  readonly needOf: ForecastNeed;
  /** The share of a host's capacity that neither the forecast need nor the use now may pass. */
  readonly limitRatio: number;
  readonly prefer: Preference;
}

/** Of hosts that may take a demand the better one scores higher, with its need if it took it as a share of its capacity; far within the two bonuses. */
export type Preference = (group: HostGroup, needRatio: number) => number;

/** Is least likely to be overloaded next. */
export const emptiest: Preference = (_, needRatio) => -needRatio;

/** More than any ratio: several arrivals disturb a target once, so one that receives already comes first, and the kind of host before that. */
const RECEIVER_FIRST = 100;
const EFFICIENT_FIRST = 1000;

/** The host in use that is to take the demand; null where it fits on none. The first of equals wins. */
export function chooseTarget(demand: CpuDemand, candidates: Iterable<HostGroup>, { needOf, limitRatio, prefer }: TargetRule): HostGroup | null {
  let best: HostGroup | null = null;
  let bestScore = -Infinity;
  for (const group of candidates) {
    const { capacityCpu, largestVmCpu, efficient } = group.host;
    if (demand.largestCpu > largestVmCpu || group.nowCpu + demand.nowCpu > limitRatio * capacityCpu) continue;
    const needRatio = needOf(group, demand) / capacityCpu;
    if (needRatio > limitRatio) continue;
    const score = (efficient ? EFFICIENT_FIRST : 0) + (group.receives ? RECEIVER_FIRST : 0) + prefer(group, needRatio);
    if (score > bestScore) {
      best = group;
      bestScore = score;
    }
  }
  return best;
}
