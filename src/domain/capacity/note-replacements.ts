export interface Replacement {
  readonly lost: string;
  readonly by: string;
  readonly why: string;
  readonly noticedAtMs: number;
  readonly readyAtMs: number;
}

/** Stands for the replacement of what could not be replaced yet. */
export const NOTHING_YET = 'nothing yet';

interface Round {
  readonly lost: readonly { readonly instanceId: string; readonly trouble: string }[];
  readonly freshIds: readonly string[];
  readonly noticedAtMs: number;
  readonly readyAtMs: number;
}

/** The replacements, newest last, after one more round: each new instance stands for one lost in it, and what is over for those that had nothing yet, the oldest first. */
export function noteReplacements(before: readonly Replacement[], { lost, freshIds, noticedAtMs, readyAtMs }: Round): Replacement[] {
  const over = freshIds.slice(lost.length);
  const earlier = before.map((one) => (one.by === NOTHING_YET && over.length > 0 ? { ...one, by: over.shift() ?? NOTHING_YET, readyAtMs } : one));
  return [...earlier, ...lost.map(({ instanceId, trouble }, i) => ({ lost: instanceId, by: freshIds[i] ?? NOTHING_YET, why: trouble, noticedAtMs, readyAtMs }))];
}
