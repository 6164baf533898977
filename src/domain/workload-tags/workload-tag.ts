/** One tag of one instance, and where it comes from. */
export interface WorkloadTag {
  readonly resource: string;
  readonly key: string;
  readonly value: string;
  readonly source: 'user' | 'ec2' | 'automatic';
  /** 0..1; 1 for what somebody said. */
  readonly confidence: number;
  readonly reason: string;
  readonly atMs: number;
}

const RANK: Readonly<Record<WorkloadTag['source'], number>> = { user: 0, ec2: 1, automatic: 2 };

/** Of the tags of an instance with one key, the one that holds: a user's, else EC2's, else the surest automatic one. */
export function decideTags(tags: readonly WorkloadTag[]): WorkloadTag[] {
  const held = new Map<string, WorkloadTag>();
  for (const tag of tags) {
    const name = `${tag.resource} ${tag.key}`;
    const other = held.get(name);
    if (other === undefined || beats(tag, other)) held.set(name, tag);
  }
  return [...held.values()];
}

function beats(one: WorkloadTag, other: WorkloadTag): boolean {
  return RANK[one.source] === RANK[other.source] ? one.confidence > other.confidence : RANK[one.source] < RANK[other.source];
}
