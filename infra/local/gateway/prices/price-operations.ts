import { createHash } from 'node:crypto';
import { onDemandPrices } from '../../../../src/adapters/aws/price-snapshot';
import { AwsError, type AwsCall, type ServiceOperations } from '../operation';

const PAGE = 100;
/** The market's price lies in this part of the On-Demand price; where, differs by type and zone and never changes. */
const SPOT_RATIO = { least: 0.3, most: 0.6 } as const;

/** The Pricing API's GetProducts for instance types, and EC2's spot prices of this moment; both from the product's price snapshot, in the forms of AWS. */
export function priceOperations(zones: () => Promise<readonly string[]>): ServiceOperations[] {
  return [
    { service: 'pricing', operations: { GetProducts: getProducts } },
    { service: 'ec2', operations: { DescribeSpotPriceHistory: async ({ params }: AwsCall) => ({ SpotPriceHistory: spotPrices(await zones(), params) }) } },
  ];
}

function getProducts({ params }: AwsCall): unknown {
  if (params['ServiceCode'] !== 'AmazonEC2') throw new AwsError('InvalidParameterException', 'the local cloud prices AmazonEC2 alone');
  const from = Number(params['NextToken'] ?? 0);
  const all = [...onDemandPrices()];
  const PriceList = all.slice(from, from + PAGE).map(([instanceType, usd]) => JSON.stringify(productOf(instanceType, usd)));
  return { FormatVersion: 'aws_v1', PriceList, ...(from + PAGE < all.length ? { NextToken: String(from + PAGE) } : {}) };
}

function productOf(instanceType: string, usd: number): unknown {
  const sku = createHash('sha256').update(instanceType).digest('hex').slice(0, 16).toUpperCase();
  return {
    product: { productFamily: 'Compute Instance', attributes: { instanceType, operatingSystem: 'Linux', tenancy: 'Shared' }, sku },
    serviceCode: 'AmazonEC2',
    terms: { OnDemand: { [`${sku}.TERM`]: { priceDimensions: { [`${sku}.TERM.RATE`]: { unit: 'Hrs', pricePerUnit: { USD: usd.toFixed(10) } } } } } },
  };
}

function spotPrices(zones: readonly string[], params: AwsCall['params']): unknown[] {
  const wanted = params['InstanceTypes'] as readonly string[] | undefined;
  const Timestamp = new Date();
  return [...onDemandPrices()]
    .filter(([instanceType]) => wanted === undefined || wanted.includes(instanceType))
    .flatMap(([InstanceType, usd]) =>
      zones.map((AvailabilityZone) => ({ InstanceType, AvailabilityZone, ProductDescription: 'Linux/UNIX', SpotPrice: (usd * spotRatio(InstanceType, AvailabilityZone)).toFixed(6), Timestamp })),
    );
}

function spotRatio(instanceType: string, zone: string): number {
  const share = createHash('sha256').update(`${instanceType} ${zone}`).digest().readUInt32BE(0) / 2 ** 32;
  return SPOT_RATIO.least + share * (SPOT_RATIO.most - SPOT_RATIO.least);
}
