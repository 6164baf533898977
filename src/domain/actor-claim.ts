import { canonicalJson } from './canonical-json';
import { mayDo } from './roles';
import type { Role } from './roles';

/** A clock may be so far off, and a message under way for so long. */
const FRESH_FOR_MS = 5 * 60_000;

/** Somebody whose key is known: people speak for themselves, a face that logs people in speaks for them. */
export interface KnownActor {
  readonly name: string;
  readonly role: Role;
  readonly speaksForOthers: boolean;
}

/** What is claimed of a message; null: in the name, and by the role, of the key that signs. */
export interface Claimed {
  readonly actor: string | null;
  readonly role: Role | null;
  readonly atMs: number;
}

/** The text that is signed: who says what to which workflow, and when. */
export function textOfClaim({ actor, role, atMs }: Claimed, { workflowId, message, args }: { readonly workflowId: string; readonly message: string; readonly args: unknown }): string {
  return canonicalJson({ v: 1, actor, role, atMs, workflowId, message, args: args ?? null });
}

/** Why a claim whose signature is good does not hold all the same; null where it does. */
export function claimProblem(claimed: Claimed, known: KnownActor, least: Role, nowMs: number): string | null {
  if (Math.abs(nowMs - claimed.atMs) > FRESH_FOR_MS) return `it was signed ${new Date(claimed.atMs).toISOString()}, and holds for ${FRESH_FOR_MS / 60_000} minutes`;
  const name = claimed.actor ?? known.name;
  if (!known.speaksForOthers && name !== known.name) return `the key of ${known.name} does not speak for ${name}`;
  const role = known.speaksForOthers ? (claimed.role ?? known.role) : known.role;
  return mayDo(role, least) ? null : `${name} is ${role}; expected ${least} or more`;
}
