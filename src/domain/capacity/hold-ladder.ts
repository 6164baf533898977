import type { CapacityOption, OpenZone } from './next-place';

/** One place of the ladder, and how it stands to what is wanted most. */
export interface HoldRung {
  readonly zone: string;
  readonly subnetId: string;
  readonly shape: string;
  readonly option: CapacityOption;
  readonly rung: 'best' | 'other shape' | 'other zone';
}

/** Where to hold capacity, in this order: the best shape in the target zone, other shapes there, then the same in the other zones as they are named. */
export function holdLadder(options: readonly CapacityOption[], zones: readonly OpenZone[], wantedZones: readonly string[] | undefined): HoldRung[] {
  const ordered = wantedZones === undefined ? zones : wantedZones.flatMap((name) => zones.filter(({ zone }) => zone === name));
  return ordered.flatMap(({ zone, subnetId, offeredShapes }, zoneAt) =>
    options.filter(({ shape }) => offeredShapes.includes(shape)).map((option, shapeAt) => ({ zone, subnetId, shape: option.shape, option, rung: zoneAt > 0 ? ('other zone' as const) : shapeAt > 0 ? ('other shape' as const) : ('best' as const) })),
  );
}
