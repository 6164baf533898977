/** A way to carry the whole demand: so many of one shape. Options are in the order of preference. */
export interface CapacityOption {
  readonly shape: string;
  readonly count: number;
  /** Of one. */
  readonly usdPerHour: number;
  /** The mean of the newest spot prices; null where none is known. */
  readonly spotUsdPerHour: number | null;
  readonly vcpus: number;
  readonly memoryMiB: number;
  readonly why: string;
}

export interface OpenZone {
  readonly zone: string;
  readonly subnetId: string;
  readonly offeredShapes: readonly string[];
}

/** One instance's worth of capacity, wanted or held. */
export interface Place {
  readonly zone: string;
  readonly subnetId: string;
  readonly shape: string;
  readonly usdPerHour: number;
}

export interface PlaceSearch {
  readonly options: readonly CapacityOption[];
  readonly zones: readonly OpenZone[];
  /** Capacity that carries a part of the demand already. */
  readonly held: readonly Pick<Place, 'zone' | 'shape' | 'usdPerHour'>[];
  /** Instances of the same service that run in each zone: new ones go where fewest are. */
  readonly othersByZone: Readonly<Record<string, number>>;
  /** Zones that come last, whatever else speaks for them. */
  readonly avoidZones?: ReadonlySet<string>;
  /** Places that were refused, by `placeKey`. */
  readonly exhausted: ReadonlySet<string>;
  readonly maximum: number;
  readonly maximumUsdPerHour: number;
}

export function placeKey(shape: string, zone: string): string {
  return `${shape} in ${zone}`;
}

/** Sums of parts such as 3 x 1/3. */
const ROUNDING = 1e-9;

/** Whether held capacity carries the whole demand: one of `count` carries the count-th part. */
export function isCarried(options: readonly CapacityOption[], held: readonly Pick<Place, 'shape'>[]): boolean {
  return carriedRatio(options, held) >= 1 - ROUNDING;
}

/** The part of the demand (1: all of it) that held capacity carries. */
export function carriedRatio(options: readonly CapacityOption[], held: readonly Pick<Place, 'shape'>[]): number {
  return held.reduce((sum, { shape }) => sum + 1 / (options.find((option) => option.shape === shape)?.count ?? Infinity), 0);
}

/**
 * Where to try next, or null: the demand is carried, or nothing is left that is offered, untried, within the budget and the maximum. The
 * preferred shape in every zone comes before the next shape; within a shape the zone with the fewest instances of the service.
 */
export function nextPlace({ options, zones, held, othersByZone, avoidZones, exhausted, maximum, maximumUsdPerHour }: PlaceSearch): Place | null {
  if (held.length >= maximum || isCarried(options, held)) return null;
  const spentUsdPerHour = held.reduce((sum, { usdPerHour }) => sum + usdPerHour, 0);
  const load = (zone: string): number => (othersByZone[zone] ?? 0) + held.filter((place) => place.zone === zone).length;
  const avoided = (zone: string): number => Number(avoidZones?.has(zone) ?? false);
  for (const { shape, usdPerHour } of options) {
    if (spentUsdPerHour + usdPerHour > maximumUsdPerHour + ROUNDING) continue;
    const open = zones.filter(({ zone, offeredShapes }) => offeredShapes.includes(shape) && !exhausted.has(placeKey(shape, zone)));
    const [best] = open.toSorted((a, b) => avoided(a.zone) - avoided(b.zone) || load(a.zone) - load(b.zone) || (a.zone < b.zone ? -1 : 1));
    if (best !== undefined) return { zone: best.zone, subnetId: best.subnetId, shape, usdPerHour };
  }
  return null;
}
