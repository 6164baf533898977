import { paginateDescribeInstanceTypeOfferings, paginateDescribeInstanceTypes } from '@aws-sdk/client-ec2';
import type { EC2Client, InstanceTypeInfo } from '@aws-sdk/client-ec2';
import { businessFailure } from '../../contracts/errors';
import { familyOf } from '../../domain/shape';
import type { Shape } from '../../domain/shape';
import { usdPerHour } from './price-snapshot';
import { callAws } from './translate-error';

/** The catalogue changes a few times a year; an hour old is fresh. */
const KEEP_MS = 3_600_000;

export interface ShapeCatalogue {
  shape(name: string): Promise<Shape>;
  shapes(architecture: string): Promise<readonly Shape[]>;
  /** Shape names by zone. */
  offeredShapes(): Promise<ReadonlyMap<string, readonly string[]>>;
}

/** Instance types and where they are offered, read once an hour. */
export function createShapeCatalogue(ec2: EC2Client, now: () => number = Date.now): ShapeCatalogue {
  const types = kept(() => readTypes(ec2), now);
  const offerings = kept(() => readOfferings(ec2), now);
  return {
    async shape(name) {
      const found = (await types()).find((shape) => shape.name === name);
      if (found === undefined) throw businessFailure('NotFound', `instance type ${name} is not in this region's catalogue`);
      return found;
    },
    shapes: async (architecture) => (await types()).filter((shape) => shape.architecture === architecture),
    offeredShapes: offerings,
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

async function readTypes(ec2: EC2Client): Promise<Shape[]> {
  return callAws('list instance types', async () => {
    const shapes: Shape[] = [];
    for await (const page of paginateDescribeInstanceTypes({ client: ec2 }, {})) shapes.push(...(page.InstanceTypes ?? []).flatMap(shapeOf));
    return shapes;
  });
}

/** No entry for a type without a known price: a plan states its cost. */
function shapeOf(type: InstanceTypeInfo): Shape[] {
  const name = type.InstanceType;
  const price = name === undefined ? null : usdPerHour(name);
  if (name === undefined || price === null) return [];
  const architectures = type.ProcessorInfo?.SupportedArchitectures ?? [];
  return [
    {
      name,
      family: familyOf(name),
      vcpus: type.VCpuInfo?.DefaultVCpus ?? 0,
      memoryMiB: type.MemoryInfo?.SizeInMiB ?? 0,
      networkGbps: type.NetworkInfo?.NetworkCards?.[0]?.BaselineBandwidthInGbps ?? 1,
      architecture: architectures.includes('arm64') ? 'arm64' : 'x86_64',
      usdPerHour: price,
    },
  ];
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
