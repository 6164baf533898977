import type { Cloud } from './cloud';
import type { ResourceRecord } from './records';

export interface ResourceSummary {
  readonly id: string;
  readonly state: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Everything that exists, for tests that look for leftovers; of what a tag is named, only what carries it. */
export function summarizeCloud(cloud: Cloud, tag?: { readonly key: string; readonly value: string }): Record<string, ResourceSummary[]> {
  const all = summarizeAll(cloud);
  if (tag === undefined) return all;
  return Object.fromEntries(Object.entries(all).map(([kind, resources]) => [kind, resources.filter(({ tags }) => tags[tag.key] === tag.value)]));
}

function summarizeAll(cloud: Cloud): Record<string, ResourceSummary[]> {
  return {
    instances: summaries(cloud.instances, ({ zone, shape, address, usedReservationId }) => ({ zone, shape, address, usedReservationId })),
    volumes: summaries(cloud.volumes, ({ zone, attachment }) => ({ zone, attachedTo: attachment?.instanceId })),
    snapshots: summaries(cloud.snapshots, ({ volumeId, parentId }) => ({ volumeId, parentId })),
    images: summaries(cloud.images, ({ name }) => ({ name })),
    reservations: summaries(cloud.reservations, ({ zone, shape, total }) => ({ zone, shape, total })),
    hosts: summaries(cloud.hosts, ({ zone, family }) => ({ zone, family })),
  };
}

function summaries<T extends ResourceRecord & { state: string }>(
  records: ReadonlyMap<string, T>,
  more: (record: T) => object,
): ResourceSummary[] {
  return [...records.values()].map((record) => ({
    id: record.id,
    state: record.state,
    tags: Object.fromEntries(record.tags),
    ...more(record),
  }));
}
