import { createHash } from 'node:crypto';
import { canonicalJson } from '../domain/canonical-json';
import type { StoredPlan } from './plan-port';

/** SHA-256 of a plan in canonical JSON: what an approval is bound to. */
export function hashOfPlan(made: StoredPlan['plan']): string {
  return sha256(canonicalJson(made));
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
