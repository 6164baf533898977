/** Why shapes were not considered, the most frequent reason first. */
export interface ShapeRefusal {
  readonly reason: string;
  readonly count: number;
  readonly examples: readonly string[];
}

const EXAMPLES = 3;

/** Counts refusals by their reason. */
export function tallyRefusals(refused: readonly { readonly name: string; readonly reason: string }[]): ShapeRefusal[] {
  const names = new Map<string, string[]>();
  for (const { name, reason } of refused) {
    const same = names.get(reason);
    if (same === undefined) names.set(reason, [name]);
    else same.push(name);
  }
  return [...names]
    .map(([reason, all]) => ({ reason, count: all.length, examples: all.slice(0, EXAMPLES) }))
    .toSorted((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1));
}
