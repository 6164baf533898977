import { canonicalJson } from '../canonical-json';

/** Names of the fields in which two plain objects differ. */
export function differingFields(a: object, b: object): string[] {
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].filter((name) => canonicalJson(left[name]) !== canonicalJson(right[name])).toSorted();
}
