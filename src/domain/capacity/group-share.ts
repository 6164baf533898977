/**
 * What a hold has added to the desired capacity of an Auto Scaling group that is not its own. It stands in a tag of the group, written before every change, so that a repeated call
 * knows what the one before it did, and an undo lowers the group by exactly that.
 */
export interface GroupShare {
  /** The step that wrote it: the same step again is the same change. */
  readonly step: string;
  /** Desired capacity before and after that step. */
  readonly from: number;
  readonly to: number;
  /** All that is the hold's own once the step is done. */
  readonly added: number;
}

export interface GroupSizes {
  readonly desired: number;
  readonly min: number;
  readonly max: number;
}

export type GroupStep =
  /** Nothing more to do: the share is what it should be. */
  | { readonly kind: 'done'; readonly share: GroupShare | null }
  /** Write the share, then set the desired capacity to its `to`. */
  | { readonly kind: 'set'; readonly share: GroupShare }
  /** Nothing can be added. */
  | { readonly kind: 'full' }
  /** Somebody else set it while our own answer was lost: write this share, and tell an operator. */
  | { readonly kind: 'unsure'; readonly share: GroupShare };

/** Adds `by` to a group, or as much of it as its maximum leaves room for. */
export function planRaise({ desired, max }: GroupSizes, share: GroupShare | null, step: string, by: number): GroupStep {
  if (share?.step === step) {
    if (desired === share.to) return { kind: 'done', share };
    if (desired === share.from) return { kind: 'set', share };
    return { kind: 'unsure', share: { step: `${step}-unsure`, from: desired, to: desired, added: share.added - (share.to - share.from) } };
  }
  const to = Math.min(max, desired + by);
  if (to <= desired) return { kind: 'full' };
  return { kind: 'set', share: { step, from: desired, to, added: ownOf(desired, share) + to - desired } };
}

/**
 * Takes back what was added, all of it or `by` of it. What somebody else added meanwhile stays; where somebody else went below what was set for the hold, theirs stays as it is; and never
 * below the group's minimum.
 */
export function planLower({ desired, min }: GroupSizes, share: GroupShare | null, step: string, by: number): Extract<GroupStep, { kind: 'done' | 'set' }> {
  if (share === null) return { kind: 'done', share: null };
  if (share.step === step) return desired === share.from && share.to < share.from ? { kind: 'set', share } : { kind: 'done', share };
  const own = ownOf(desired, share);
  const less = Math.min(by, own);
  const next = { step, from: desired, to: Math.min(desired, Math.max(min, desired - less)), added: own - less };
  return next.to < desired ? { kind: 'set', share: next } : { kind: 'done', share: next };
}

/** What of the desired capacity is the hold's own. */
export function ownOf(desired: number, share: GroupShare | null): number {
  if (share === null) return 0;
  if (desired >= share.to) return share.added;
  // The change was written down and never made, or somebody else went below it.
  return desired === share.from ? Math.max(0, share.added - (share.to - share.from)) : 0;
}

const FORM = /^(\S+) (\d+):(\d+) \+(\d+)(?: .*)?$/;
const LONGEST = 256;

/** As the value of a tag, with who it is for a reader. */
export function writeShare({ step, from, to, added }: GroupShare, by: string): string {
  return `${step} ${from}:${to} +${added} ${by}`.slice(0, LONGEST);
}

/** Null where it is none. */
export function readShare(value: string | undefined): GroupShare | null {
  const [, step, from, to, added] = FORM.exec(value ?? '') ?? [];
  return step === undefined ? null : { step, from: Number(from), to: Number(to), added: Number(added) };
}
