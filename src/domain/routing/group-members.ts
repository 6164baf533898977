import type { ClassRouting } from './routing-recommendation';

/** Members that every class weighs alike, and so may share a weighted group. */
export interface MemberGroup {
  readonly memberIds: readonly string[];
  /** By class: what each of them weighs. */
  readonly weights: Readonly<Record<string, number>>;
}

/** Weights are rounded up to such steps until there are few enough groups: what gets something never comes to nothing. */
const STEPS = [1, 5, 10, 25, 50, 100];

/**
 * Members in at most `most` groups, for balancers that weigh groups and take only so many of them. Weights lose precision where that needs it.
 * @returns null where that is not enough: too many sets of classes that members take
 */
export function groupMembers(classes: readonly ClassRouting[], most: number): readonly MemberGroup[] | null {
  const memberIds = Object.keys(classes[0]?.weights ?? {}).toSorted();
  for (const step of STEPS) {
    const groups = new Map<string, { memberIds: string[]; weights: Record<string, number> }>();
    for (const memberId of memberIds) {
      const weights = Object.fromEntries(classes.map(({ name, weights: of }) => [name, Math.ceil((of[memberId] ?? 0) / step) * step]));
      const key = Object.values(weights).join();
      const group = groups.get(key) ?? { memberIds: [], weights };
      group.memberIds.push(memberId);
      groups.set(key, group);
    }
    if (groups.size <= most) return [...groups.values()];
  }
  return null;
}
