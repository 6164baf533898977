import type { InstanceTypeInfo } from '@aws-sdk/client-ec2';
import type { CatalogueShape } from '../../domain/shapes/catalogue-shape';
import { catalogueShapeOf } from './catalogue-shape-of';
import { PRICE_SNAPSHOT_DATE, usdPerHour } from './price-snapshot';

/** Every shape of a region that a price is known for. */
export interface Catalogue {
  readonly shapes: readonly CatalogueShape[];
  /** Types that EC2 has and no price list: nothing is planned with them, for a plan states its cost. */
  readonly unpriced: readonly string[];
  /** What does not come from AWS's own lists, and why; a sentence each, none where all does. */
  readonly notes: readonly string[];
}

/** USD per hour by type; `notes` say what could not be read. */
export interface KnownPrices {
  readonly onDemand: ReadonlyMap<string, number>;
  readonly spot: ReadonlyMap<string, number>;
  readonly notes: readonly string[];
}

/** Joins types and prices; where the Pricing API gives no price, that of the snapshot stands for it, and the notes say so. */
export function makeCatalogue(types: readonly InstanceTypeInfo[], { onDemand, spot, notes }: KnownPrices): Catalogue {
  const shapes: CatalogueShape[] = [];
  const unpriced: string[] = [];
  let fromSnapshot = 0;
  for (const type of types) {
    const name = type.InstanceType ?? '';
    const listed = onDemand.get(name);
    const usd = listed ?? usdPerHour(name);
    if (usd === null) {
      unpriced.push(name);
      continue;
    }
    if (listed === undefined) fromSnapshot += 1;
    const source = listed === undefined ? ({ kind: 'snapshot', date: PRICE_SNAPSHOT_DATE } as const) : ({ kind: 'pricing-api' } as const);
    shapes.push(catalogueShapeOf(type, { usdPerHour: usd, source, spotUsdPerHour: spot.get(name) ?? null }));
  }
  return {
    shapes,
    unpriced,
    notes: [
      ...notes,
      ...(fromSnapshot === 0 ? [] : [`${fromSnapshot} of ${shapes.length} prices are those of us-east-1 on ${PRICE_SNAPSHOT_DATE}, from the snapshot that is bundled as a fallback`]),
      ...(unpriced.length === 0 ? [] : [`${unpriced.length} types are left out: no price of theirs is known`]),
    ],
  };
}
