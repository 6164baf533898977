import fc from 'fast-check';
import { DEEP_LIST, ODD_JSON, ODD_KEYS, ODD_NUMBERS, ODD_TEXTS } from './odd-values';

/** A change of a JSON document at one of its places, `at` 0..1 through all of them. */
interface JsonChange {
  readonly act: 'set' | 'delete' | 'rename' | 'wrap' | 'repeat' | 'swap';
  readonly at: number;
  readonly to: unknown;
  readonly key: string;
}

interface Place {
  readonly holder: Record<string, unknown> | unknown[];
  readonly key: string;
}

const MOST_CHANGES = 4;
/** Stands in a document for what could not be written within it. */
const DEEP_HERE = '@deep@';
const REPEATED = 600;

/** What may stand in the place of anything. */
export const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...ODD_TEXTS) },
  { weight: 3, arbitrary: fc.constantFrom(...ODD_NUMBERS) },
  { weight: 3, arbitrary: fc.constantFrom(...ODD_JSON).map((text) => JSON.parse(text) as unknown) },
  { weight: 1, arbitrary: fc.constant(DEEP_HERE) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
);

const change: fc.Arbitrary<JsonChange> = fc.record({
  act: fc.oneof({ weight: 6, arbitrary: fc.constant('set' as const) }, { weight: 4, arbitrary: fc.constantFrom('delete' as const, 'rename' as const, 'wrap' as const, 'repeat' as const, 'swap' as const) }),
  at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  to: oddValue,
  key: fc.constantFrom(...ODD_KEYS),
});

/** One of the examples, right as it is or with some places changed: most of it still passes the first checks, so that the later ones are reached. */
export function mutatedJson(examples: readonly unknown[]): fc.Arbitrary<unknown> {
  const changes = fc.oneof({ weight: 1, arbitrary: fc.constant([]) }, { weight: 2, arbitrary: fc.array(change, { minLength: 1, maxLength: 1 }) }, { weight: 4, arbitrary: fc.array(change, { minLength: 1, maxLength: MOST_CHANGES }) });
  return fc.oneof({ weight: 1, arbitrary: oddValue }, { weight: 24, arbitrary: fc.tuple(fc.constantFrom(...examples), changes).map(([example, made]) => made.reduce(changed, structuredClone(example))) });
}

/** The same as text, now and then as no JSON parser writes it. */
export function mutatedJsonText(examples: readonly unknown[]): fc.Arbitrary<string> {
  return fc.tuple(mutatedJson(examples), fc.constantFrom(0, 0, 0, 2)).map(([value, indent]) => textOf(value, indent).replaceAll(`"${DEEP_HERE}"`, DEEP_LIST));
}

/** A list that is too deep where the value is: `JSON.stringify` is a recursion. */
export function textOf(value: unknown, indent = 0): string {
  try {
    return JSON.stringify(value, null, indent) ?? 'null';
  } catch {
    return DEEP_LIST;
  }
}

function changed(document: unknown, { act, at, to, key }: JsonChange): unknown {
  const root = { document };
  const places = placesOf(root);
  const { holder, key: name } = places[Math.floor(at * places.length)] ?? { holder: root, key: 'document' };
  const own = Reflect.get(holder, name) as unknown;
  const other = places[Math.floor(((at * 7_919) % 1) * places.length)];
  if (act === 'set') put(holder, name, to);
  else if (act === 'delete') Reflect.deleteProperty(holder, name);
  else if (act === 'wrap') put(holder, name, Array.isArray(own) ? { [key]: own } : [own]);
  else if (act === 'repeat') put(holder, name, Array.isArray(own) && own.length > 0 ? Array.from({ length: REPEATED }, (_, i) => own[i % own.length] as unknown) : typeof own === 'string' ? own.repeat(REPEATED).slice(0, 20_000) : [own, own]);
  else if (act === 'swap') put(holder, name, other === undefined ? to : Reflect.get(other.holder, other.key));
  else {
    Reflect.deleteProperty(holder, name);
    put(holder, key, own);
  }
  return root.document;
}

/** As JSON.parse does: an own property, whatever it is called. */
function put(holder: object, key: string, value: unknown): void {
  if (Array.isArray(holder) && !/^\d{1,6}$/.test(key)) holder.push(value);
  else Object.defineProperty(holder, key, { value: structuredCloneOrSame(value), writable: true, enumerable: true, configurable: true });
}

/** A part that stands in two places is two. What is too deep to be copied is the same. */
function structuredCloneOrSame(value: unknown): unknown {
  try {
    return structuredClone(value);
  } catch {
    return value;
  }
}

/** Every place, the whole document first. Without a recursion: it may be deep already. */
function placesOf(root: { readonly document: unknown }): Place[] {
  const places: Place[] = [{ holder: root, key: 'document' }];
  for (let i = 0; i < places.length && places.length < 2_000; i += 1) {
    const { holder, key } = places[i] as Place;
    const value = Reflect.get(holder, key) as unknown;
    if (typeof value === 'object' && value !== null) for (const one of Object.keys(value)) places.push({ holder: value as Place['holder'], key: one });
  }
  return places;
}
