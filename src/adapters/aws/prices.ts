import { paginateDescribeSpotPriceHistory } from '@aws-sdk/client-ec2';
import type { EC2Client } from '@aws-sdk/client-ec2';
import { paginateGetProducts } from '@aws-sdk/client-pricing';
import type { PricingClient } from '@aws-sdk/client-pricing';
import { callAws } from './translate-error';

/** On-Demand, Linux, shared tenancy, nothing preinstalled: one price a type. */
const FILTERS: Readonly<Record<string, string>> = { operatingSystem: 'Linux', tenancy: 'Shared', preInstalledSw: 'NA', capacitystatus: 'Used', marketoption: 'OnDemand' };

/** EC2 keeps spot prices for 90 days: what is older is no price of the market. */
const SPOT_KEPT_MS = 90 * 86_400_000;

/** A product of the price list, as much of it as is read. */
interface Product {
  readonly product?: { readonly attributes?: { readonly instanceType?: string } };
  readonly terms?: { readonly OnDemand?: Readonly<Record<string, { readonly priceDimensions?: Readonly<Record<string, { readonly unit?: string; readonly pricePerUnit?: { readonly USD?: string } }>> }>> };
}

/** The Pricing API's On-Demand prices of a region, in USD per hour by type. */
export async function readOnDemandPrices(pricing: PricingClient, region: string): Promise<Map<string, number>> {
  return callAws('list prices', async () => {
    const Filters = Object.entries({ ...FILTERS, regionCode: region }).map(([Field, Value]) => ({ Type: 'TERM_MATCH' as const, Field, Value }));
    const prices = new Map<string, number>();
    for await (const { PriceList } of paginateGetProducts({ client: pricing }, { ServiceCode: 'AmazonEC2', Filters })) {
      for (const text of PriceList ?? []) {
        const found = priceOf(JSON.parse(String(text)) as Product);
        if (found !== null) prices.set(found.instanceType, found.usdPerHour);
      }
    }
    return prices;
  });
}

function priceOf({ product, terms }: Product): { instanceType: string; usdPerHour: number } | null {
  const instanceType = product?.attributes?.instanceType;
  const dimensions = Object.values(terms?.OnDemand ?? {}).flatMap(({ priceDimensions }) => Object.values(priceDimensions ?? {}));
  const usd = Number(dimensions.find(({ unit }) => unit === 'Hrs')?.pricePerUnit?.USD);
  // A price of nothing is that of a type that is sold in another way.
  return instanceType === undefined || !(usd > 0) ? null : { instanceType, usdPerHour: usd };
}

/** The newest spot price of each type, in USD per hour, as the mean over the zones. */
export async function readSpotPrices(ec2: EC2Client, nowMs: number): Promise<Map<string, number>> {
  return callAws('list spot prices', async () => {
    const byType = new Map<string, Map<string, number>>();
    const query = { StartTime: new Date(nowMs), ProductDescriptions: ['Linux/UNIX'] };
    for await (const { SpotPriceHistory } of paginateDescribeSpotPriceHistory({ client: ec2 }, query)) {
      for (const { InstanceType, AvailabilityZone, SpotPrice, Timestamp } of SpotPriceHistory ?? []) {
        const usd = Number(SpotPrice);
        if (InstanceType === undefined || !(usd > 0) || nowMs - (Timestamp?.getTime() ?? 0) > SPOT_KEPT_MS) continue;
        const zones = byType.get(InstanceType) ?? new Map<string, number>();
        // The newest comes first; what follows of a zone is older.
        if (!zones.has(AvailabilityZone ?? '')) zones.set(AvailabilityZone ?? '', usd);
        byType.set(InstanceType, zones);
      }
    }
    return new Map([...byType].map(([type, zones]) => [type, [...zones.values()].reduce((sum, usd) => sum + usd, 0) / zones.size]));
  });
}
