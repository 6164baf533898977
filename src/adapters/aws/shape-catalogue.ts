import { paginateDescribeInstanceTypeOfferings, paginateDescribeInstanceTypes } from '@aws-sdk/client-ec2';
import type { EC2Client, InstanceTypeInfo } from '@aws-sdk/client-ec2';
import { businessFailure } from '../../contracts/errors';
import type { CatalogueShape } from '../../domain/shapes/catalogue-shape';
import type { AwsClients } from './clients';
import { makeCatalogue, type Catalogue } from './make-catalogue';
import { readOnDemandPrices, readSpotPrices } from './prices';
import { callAws } from './translate-error';

/** The catalogue changes a few times a year, prices as often, spot prices by the hour. */
const KEEP_MS = 3_600_000;

export interface ShapeCatalogue {
  /** @throws NotFound */
  shape(name: string): Promise<CatalogueShape>;
  catalogue(): Promise<Catalogue>;
  /** Shape names by zone. */
  offeredShapes(): Promise<ReadonlyMap<string, readonly string[]>>;
}

/** Instance types, what they cost and where they are offered, read once an hour. */
export function createShapeCatalogue(clients: Pick<AwsClients, 'ec2' | 'pricing'>, now: () => number = Date.now): ShapeCatalogue {
  const catalogue = kept(() => readCatalogue(clients, now()), now);
  return {
    async shape(name) {
      const found = (await catalogue()).shapes.find((shape) => shape.name === name);
      if (found === undefined) throw businessFailure('NotFound', `instance type ${name} is not in this region's catalogue, or no price of it is known`);
      return found;
    },
    catalogue,
    offeredShapes: kept(() => readOfferings(clients.ec2), now),
  };
}

function kept<T>(read: () => Promise<T>, now: () => number): () => Promise<T> {
  let value: Promise<T> | undefined;
  let readAtMs = 0;
  return () => {
    if (value === undefined || now() - readAtMs > KEEP_MS) {
      readAtMs = now();
      value = read();
      // A failed read must not be kept for an hour.
      value.catch(() => (value = undefined));
    }
    return value;
  };
}

async function readCatalogue({ ec2, pricing }: Pick<AwsClients, 'ec2' | 'pricing'>, nowMs: number): Promise<Catalogue> {
  const notes: string[] = [];
  const orNothing = (what: string) => (error: unknown) => {
    notes.push(`${what}: ${(error as Error).message}`);
    return new Map<string, number>();
  };
  const region = await ec2.config.region();
  const [types, onDemand, spot] = await Promise.all([
    readTypes(ec2),
    readOnDemandPrices(pricing, region).catch(orNothing('the Pricing API did not answer')),
    readSpotPrices(ec2, nowMs).catch(orNothing('spot prices are not known')),
  ]);
  return makeCatalogue(types, { onDemand, spot, notes });
}

async function readTypes(ec2: EC2Client): Promise<InstanceTypeInfo[]> {
  return callAws('list instance types', async () => {
    const types: InstanceTypeInfo[] = [];
    for await (const page of paginateDescribeInstanceTypes({ client: ec2 }, {})) types.push(...(page.InstanceTypes ?? []));
    return types;
  });
}

async function readOfferings(ec2: EC2Client): Promise<Map<string, string[]>> {
  return callAws('list instance type offerings', async () => {
    const byZone = new Map<string, string[]>();
    for await (const page of paginateDescribeInstanceTypeOfferings({ client: ec2 }, { LocationType: 'availability-zone' })) {
      for (const offering of page.InstanceTypeOfferings ?? []) {
        const zone = offering.Location ?? '';
        const shapes = byZone.get(zone) ?? [];
        shapes.push(offering.InstanceType ?? '');
        byZone.set(zone, shapes);
      }
    }
    return byZone;
  });
}
