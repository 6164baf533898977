import { createHash } from 'node:crypto';
import { canonicalJson } from '../domain/canonical-json';

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** SHA-256 of a value in canonical JSON: equal values have equal digests, in whatever order their fields stand. A plan's is what an approval is bound to. */
export function digestOf(value: unknown): string {
  return sha256(canonicalJson(value));
}
