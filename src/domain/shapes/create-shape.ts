import type { CatalogueShape } from './catalogue-shape';
import { envelopeOf, type DemandPattern } from './demand-pattern';
import { selectShape, type ShapeOption } from './select-shape';
import { gp3For, settingsUsdPerHour, type VolumeSettings } from './volume-settings';

export interface CreationPolicy {
  readonly targetUtilizationRatio: number;
  /** 0 is cost alone, as in `ShapeRequest`. */
  readonly tradeoff: number;
  /** How many instances one may be divided into. */
  readonly maximumCount: number;
  readonly burstableAllowed: boolean;
}

export const DEFAULT_CREATION_POLICY: CreationPolicy = { targetUtilizationRatio: 0.8, tradeoff: 0, maximumCount: 1, burstableAllowed: false };

/** One purchasable combination that holds every pattern of a group. */
export interface CreatedShape {
  readonly option: ShapeOption;
  readonly volume: VolumeSettings;
  /** For one member of the group: instances and what their volumes cost above the included settings. */
  readonly usdPerHour: number;
}

const DAY_MS = 86_400_000;

/**
 * The cheapest combination of instance type, count and gp3 settings that holds each pattern of a group and that each member can become; a sentence where there is none.
 * All members must have the same needs (`needsOf`).
 *
 * @throws RangeError for an empty group
 */
export function createShape(group: readonly DemandPattern[], catalogue: readonly CatalogueShape[], policy: CreationPolicy): CreatedShape | string {
  const [first] = group;
  if (first === undefined) throw new RangeError('group: expected at least one pattern');
  const peakIops = Math.max(...group.map((one) => one.peakIops));
  const demand = envelopeOf(group);
  const fast = catalogue.filter(({ ebs }) => ebs.burstIops * policy.maximumCount * policy.targetUtilizationRatio >= peakIops);
  const { tradeoff, maximumCount, targetUtilizationRatio, burstableAllowed } = policy;
  const { chosen, refused } = selectShape(
    { demand, durationMs: DAY_MS, tradeoff, minimumCount: 1, maximumCount, targetUtilizationRatio, constraints: { compatibleWith: first.present, burstableAllowed } },
    fast,
  );
  if (chosen === null) return `no shape that it can become holds it: ${refused.map(({ reason, count }) => `${count} ${reason}`).join('; ')}`;
  const volume = gp3For({ iops: peakIops / chosen.count, throughputMiBps: mebibytesOf(demand.peak.ebsMbps ?? 0) / chosen.count }, targetUtilizationRatio);
  if (volume === null) return `its ${Math.round(peakIops)} IOPS are more than one gp3 volume holds`;
  return { option: chosen, volume, usdPerHour: chosen.usdPerHour + settingsUsdPerHour(volume) * chosen.count };
}

function mebibytesOf(megabits: number): number {
  return (megabits * 1e6) / 8 / 2 ** 20;
}
