import type { ResourceType } from '@aws-sdk/client-ec2';

/** Kinds of the gateway's own resources, by how their ids begin. */
const KIND_BY_PREFIX: Readonly<Record<string, ResourceType>> = {
  i: 'instance',
  vol: 'volume',
  snap: 'snapshot',
  ami: 'image',
  cr: 'capacity-reservation',
  h: 'dedicated-host',
};

/** All of them. */
export const OWN_KINDS: readonly string[] = Object.values(KIND_BY_PREFIX);

/** What a resource is, by its id; undefined where it is not the gateway's own. */
export function kindOf(id: string): ResourceType | undefined {
  const prefix = id.slice(0, id.lastIndexOf('-'));
  return Object.hasOwn(KIND_BY_PREFIX, prefix) ? KIND_BY_PREFIX[prefix] : undefined;
}
