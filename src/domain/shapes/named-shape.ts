import type { CatalogueShape } from './catalogue-shape';
import type { VolumeSettings } from './volume-settings';
import { shown } from '../shown';

/** A shape of one's own: an instance type, how many of it, and how its volume is set. Written by an operator or created from observed demand. */
export interface NamedShape {
  readonly name: string;
  readonly instanceType: string;
  readonly count: number;
  readonly volume: VolumeSettings | null;
  /** A price of one's own for one instance, such as that of a savings plan; null for the list's. */
  readonly usdPerHour: number | null;
  /** Digest of all that it consists of: the same version is the same shape. */
  readonly version: string;
  readonly why: readonly string[];
}

/** What an operator writes; all but name and type may be left out. */
export type NamedShapeInput = Pick<NamedShape, 'name' | 'instanceType'> & Partial<Omit<NamedShape, 'name' | 'instanceType'>>;

const MOST_PROBLEMS = 20;

/** What is wrong with shapes that come from a file, a sentence for each field; empty where nothing is. */
export function checkNamedShapes(input: unknown, catalogue: readonly CatalogueShape[]): string[] {
  if (!Array.isArray(input)) return ['expected a list of shapes, such as [{"name": "web", "instanceType": "m7i.large"}]'];
  const known = new Set(catalogue.map(({ name }) => name));
  const seen = new Set<string>();
  const all = input.flatMap((one: Partial<NamedShapeInput> | null, i) => {
    const at = `[${i}]`;
    if (typeof one !== 'object' || one === null) return [`${at}: expected an object`];
    const problems: string[] = [];
    const expect = (holds: boolean, field: string, expected: string, got: unknown): void => {
      if (!holds) problems.push(`${at}.${field}: expected ${expected}, got ${shown(got)}`);
    };
    const { name, instanceType, count = 1, usdPerHour = null, volume = null } = one;
    expect(typeof name === 'string' && /^[a-z0-9][a-z0-9-]*$/.test(name), 'name', 'lower-case letters, digits and dashes', name);
    expect(!seen.has(name ?? ''), 'name', 'a name that no other shape of the file has', name);
    seen.add(name ?? '');
    expect(known.has(instanceType ?? ''), 'instanceType', "an instance type of this region's catalogue", instanceType);
    expect(Number.isSafeInteger(count) && count >= 1, 'count', 'a whole number from 1', count);
    expect(usdPerHour === null || (Number.isFinite(usdPerHour) && usdPerHour >= 0), 'usdPerHour', 'USD from 0', usdPerHour);
    const settings = volume ?? { kind: 'gp3', iops: 1, throughputMiBps: 1 };
    expect(settings.kind === 'gp3' && settings.iops > 0 && settings.throughputMiBps > 0, 'volume', '{"kind": "gp3", "iops": 3000, "throughputMiBps": 125}', volume);
    return problems;
  });
  return all.length <= MOST_PROBLEMS ? all : [...all.slice(0, MOST_PROBLEMS), `${all.length - MOST_PROBLEMS} more are wrong`];
}
