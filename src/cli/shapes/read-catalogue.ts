import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { makeCatalogue, type Catalogue } from '../../adapters/aws/make-catalogue';
import { createShapeCatalogue } from '../../adapters/aws/shape-catalogue';
import type { NamedShape } from '../../domain/shapes/named-shape';
import { openAws } from '../open-aws';
import { WrongUsage } from '../report-failure';
import { readNamedShapes } from './read-named-shapes';

/** Where the commands get their shapes from. */
export interface CatalogueOptions {
  readonly stack: string;
  readonly types?: string;
  readonly custom?: string;
}

export interface ShapeLibrary extends Catalogue {
  readonly named: readonly NamedShape[];
  /** Shape names by zone; null where the types come from a file. */
  readonly offered: ReadonlyMap<string, readonly string[]> | null;
}

/** The catalogue of the region or of a file, with the operator's own shapes and prices. @throws WrongUsage naming file and field */
export async function readLibrary({ stack, types, custom }: CatalogueOptions): Promise<ShapeLibrary> {
  const { catalogue, offered } = types === undefined ? await catalogueOfRegion(stack) : { catalogue: await catalogueOfFile(types), offered: null };
  const named = custom === undefined ? [] : await readNamedShapes(custom, catalogue.shapes);
  const own = new Map(named.filter(({ usdPerHour }) => usdPerHour !== null).map(({ instanceType, usdPerHour }) => [instanceType, usdPerHour as number]));
  const shapes = catalogue.shapes.map((shape) => {
    const usdPerHour = own.get(shape.name);
    return usdPerHour === undefined ? shape : { ...shape, usdPerHour, priceSource: { kind: 'custom' as const } };
  });
  return { ...catalogue, shapes, named, offered };
}

async function catalogueOfRegion(stack: string): Promise<{ catalogue: Catalogue; offered: ReadonlyMap<string, readonly string[]> }> {
  const { clients } = await openAws(stack);
  const catalogue = createShapeCatalogue(clients);
  const [found, offered] = await Promise.all([catalogue.catalogue(), catalogue.offeredShapes()]);
  return { catalogue: found, offered };
}

/** The answer of "aws ec2 describe-instance-types" (JSON, also in gzip), or its list alone. */
async function catalogueOfFile(file: string): Promise<Catalogue> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new WrongUsage(`--types: ${file} cannot be read: ${(error as Error).message}`);
  });
  let content: unknown;
  try {
    content = JSON.parse((bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString('utf8'));
  } catch (error) {
    throw new WrongUsage(`--types: ${file} is no JSON: ${(error as Error).message}`);
  }
  const types = Array.isArray(content) ? content : (content as { InstanceTypes?: unknown } | null)?.InstanceTypes;
  if (!Array.isArray(types) || !types.every((type) => typeof (type as { InstanceType?: unknown } | null)?.InstanceType === 'string')) {
    throw new WrongUsage(`--types: ${file}: expected the answer of "aws ec2 describe-instance-types", an object with the list InstanceTypes`);
  }
  return makeCatalogue(types, { onDemand: new Map(), spot: new Map(), notes: [] });
}
