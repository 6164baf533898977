import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { canonicalJson } from '../../domain/canonical-json';
import type { CatalogueShape } from '../../domain/shapes/catalogue-shape';
import { checkNamedShapes, type NamedShape, type NamedShapeInput } from '../../domain/shapes/named-shape';
import { WrongUsage } from '../report-failure';

/** An operator's own shapes from a JSON file, as "foreshift shapes suggest --save" writes it. @throws WrongUsage naming file and field */
export async function readNamedShapes(file: string, catalogue: readonly CatalogueShape[]): Promise<NamedShape[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new WrongUsage(`--custom: ${file} cannot be read: ${(error as Error).message}`);
  });
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw new WrongUsage(`--custom: ${file} is no JSON: ${(error as Error).message}`);
  }
  const problems = checkNamedShapes(content, catalogue);
  if (problems.length > 0) throw new WrongUsage(`--custom: ${file}: ${problems.join('; ')}`);
  return (content as NamedShapeInput[]).map(({ name, instanceType, count = 1, volume = null, usdPerHour = null, why = [], version }) => ({
    name,
    instanceType,
    count,
    volume,
    usdPerHour,
    version: version ?? createHash('sha256').update(canonicalJson({ instanceType, count, volume, usdPerHour })).digest('hex').slice(0, 12),
    why,
  }));
}
