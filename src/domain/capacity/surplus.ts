import type { ResourceDemand } from '../shapes/shape-demand';
import { isNothing, uncarried } from './shortfall';

/** A forecast moves a little with every look: capacity is given back only where the demand could grow by so much and would still be carried. */
const MARGIN_RATIO = 0.1;

interface Held extends Pick<ResourceDemand, 'vcpus' | 'memoryMiB'> {
  readonly usdPerHour: number;
  readonly sinceMs: number;
}

/** Which of the held capacity is no longer needed: the dearest first, and of equal prices the newest. */
export function surplusOf<H extends Held>(held: readonly H[], demand: ResourceDemand, targetUtilizationRatio: number): H[] {
  const grown = { vcpus: demand.vcpus * (1 + MARGIN_RATIO), memoryMiB: demand.memoryMiB * (1 + MARGIN_RATIO) };
  const surplus: H[] = [];
  for (const candidate of held.toSorted((a, b) => b.usdPerHour - a.usdPerHour || b.sinceMs - a.sinceMs)) {
    const rest = held.filter((one) => one !== candidate && !surplus.includes(one));
    if (isNothing(uncarried(grown, rest, targetUtilizationRatio))) surplus.push(candidate);
  }
  return surplus;
}
