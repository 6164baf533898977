/**
 * Reads the shape descriptions that the AWS SDK ships for its own serializer. The local cloud speaks EC2's XML with the
 * very names the client expects, without a table of its own that could drift.
 *
 * A shape is a number (scalar kind), a tuple that starts with its kind, or a function that returns one.
 */
type SchemaRef = unknown;

export type Shape =
  | { readonly kind: 'struct'; readonly members: readonly Member[] }
  | { readonly kind: 'list'; readonly item: SchemaRef }
  | { readonly kind: 'string' | 'boolean' | 'number' | 'timestamp' | 'blob' };

export interface Member {
  readonly name: string;
  readonly schema: SchemaRef;
  readonly required: boolean;
  /** Name in XML replies. */
  readonly xmlName: string;
  /** Name in query requests. */
  readonly queryName: string;
}

const LIST_MODIFIER = 64;
const cache = new Map<unknown, Shape>();

/** Resolves a schema reference of the SDK to a shape. */
export function shapeOf(ref: SchemaRef): Shape {
  const known = cache.get(ref);
  if (known) return known;
  const shape = resolve(ref);
  cache.set(ref, shape);
  return shape;
}

/** Input and output of an operation from its SDK schema `[9, namespace, name, traits, input, output]`. */
export function operationShapes(schema: unknown): { readonly input: Shape; readonly output: Shape } {
  const [, , , , input, output] = schema as unknown[];
  return { input: shapeOf(input), output: shapeOf(output) };
}

function resolve(ref: SchemaRef): Shape {
  if (typeof ref === 'function') return shapeOf((ref as () => SchemaRef)());
  if (typeof ref === 'number') return numbered(ref);
  if (!Array.isArray(ref)) return { kind: 'struct', members: [] };
  const tuple = ref as unknown[];
  if (tuple.length === 2) return shapeOf(tuple[0]);
  switch (tuple[0]) {
    case 0:
      return shapeOf(tuple[4]);
    case 1:
      return { kind: 'list', item: tuple[4] };
    case 3:
    case 4: {
      const names = tuple[4] as string[];
      const schemas = tuple[5] as SchemaRef[];
      const required = (tuple[6] as number | undefined) ?? 0;
      return { kind: 'struct', members: names.map((name, at) => member(name, schemas[at], at < required)) };
    }
    default:
      throw new Error(`The SDK's schema has a shape of kind ${String(tuple[0])} that the local cloud does not know`);
  }
}

function numbered(kind: number): Shape {
  if (kind >= LIST_MODIFIER && kind < 2 * LIST_MODIFIER) return { kind: 'list', item: kind - LIST_MODIFIER };
  if (kind === 1 || kind === 17 || kind === 19) return { kind: 'number' };
  if (kind === 2) return { kind: 'boolean' };
  if (kind >= 4 && kind <= 7) return { kind: 'timestamp' };
  if (kind === 21 || kind === 42) return { kind: 'blob' };
  return { kind: 'string' };
}

function member(name: string, schema: SchemaRef, required: boolean): Member {
  const traits = Array.isArray(schema) && schema.length === 2 ? (schema[1] as Record<string, string>) : {};
  const xmlName = traits['xmlName'] ?? name;
  return {
    name,
    schema,
    required,
    xmlName,
    queryName: traits['ec2QueryName'] ?? xmlName.charAt(0).toUpperCase() + xmlName.slice(1),
  };
}
