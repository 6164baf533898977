/** The tags that a workload's kin share with it, all of them; `{}` is the whole fleet. */
export type ProfileTags = Readonly<Record<string, string>>;

const PAIR = /^([\w.:/+@-]{1,127})=([\w .:/+@-]{1,255})$/;
const MOST_PAIRS = 5;

/** The tags that `app=web` or `app=web,tier=front` names; null where the text is none. */
export function parseWorkloadTag(text: string): ProfileTags | null {
  const pairs = text.split(',').map((part) => PAIR.exec(part));
  if (pairs.length > MOST_PAIRS) return null;
  const tags: Record<string, string> = {};
  for (const pair of pairs) {
    const [, key, value] = pair ?? [];
    if (key === undefined || value === undefined || Object.hasOwn(tags, key)) return null;
    tags[key] = value;
  }
  return tags;
}

/** The one way to write these tags: sorted, so that two orders are not two workloads. */
export function writeWorkloadTag(tags: ProfileTags): string {
  return Object.entries(tags)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}
