import { countByZone } from './count-by-zone';
import type { CapacityOption, OpenZone, PlaceSearch } from './next-place';

export interface ReplacementNeed {
  readonly plan: { readonly options: readonly CapacityOption[]; readonly zones: readonly OpenZone[]; readonly maximumUsdPerHour: number };
  /** What still serves. */
  readonly serving: readonly { readonly zone: string; readonly usdPerHour: number }[];
  readonly missing: number;
  /** Zones in which replicas were lost: they come last. */
  readonly avoidZones: readonly string[];
}

/** One for one: a replacement is at least as large as what was chosen first, and goes elsewhere where that can be had. */
export function replacementSearch({ plan, serving, missing, avoidZones }: ReplacementNeed): Omit<PlaceSearch, 'held' | 'exhausted'> {
  const [chosen] = plan.options;
  const options = plan.options
    .filter(({ vcpus, memoryMiB }) => vcpus >= (chosen?.vcpus ?? 0) && memoryMiB >= (chosen?.memoryMiB ?? 0))
    .map((option) => ({ ...option, count: missing }));
  return {
    options,
    zones: plan.zones,
    othersByZone: countByZone(serving),
    avoidZones: new Set(avoidZones),
    maximum: missing,
    maximumUsdPerHour: plan.maximumUsdPerHour - serving.reduce((sum, { usdPerHour }) => sum + usdPerHour, 0),
  };
}
