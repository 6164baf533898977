import type { Tag, TagSpecification } from '@aws-sdk/client-ec2';

/** The tags that a creation asks for on resources of this type. */
export function tagsFor(type: string, specifications: readonly TagSpecification[] | undefined): Map<string, string> {
  const tags = new Map<string, string>();
  for (const specification of specifications ?? []) {
    if (specification.ResourceType !== type) continue;
    for (const tag of specification.Tags ?? []) tags.set(tag.Key ?? '', tag.Value ?? '');
  }
  return tags;
}

/** Tags in the SDK's form. */
export function tagList(tags: ReadonlyMap<string, string>): Tag[] {
  return [...tags].map(([Key, Value]) => ({ Key, Value }));
}
