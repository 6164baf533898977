import { nullIfNotFound } from '../contracts/errors';
import { decideTags, type WorkloadTag } from '../domain/workload-tags/workload-tag';
import type { ComputePort, InstanceFacts } from './compute-port';
import type { WorkloadMembersPort } from './workload-members-port';
import type { WorkloadTagStore } from './workload-tag-port';

/** Members by all tags that hold: a user's over EC2's, EC2's over those of measured use. */
export function createWorkloadMembers(compute: Pick<ComputePort, 'listTagged' | 'describe'>, store: Pick<WorkloadTagStore, 'list'>): WorkloadMembersPort {
  return {
    async membersOf(tags) {
      const wanted = Object.entries(tags);
      const [[key, value] = ['', '']] = wanted;
      const kept = (await store.list()).filter((one) => Object.hasOwn(tags, one.key));
      const tagged = await compute.listTagged(key, value);
      const others = [...new Set(kept.filter((one) => tags[one.key] === one.value).map(({ resource }) => resource))].filter((id) => !tagged.some(({ instanceId }) => instanceId === id));
      const found = await Promise.all(others.map((id) => compute.describe(id).catch(nullIfNotFound)));
      return [...tagged, ...found]
        .filter((facts): facts is InstanceFacts => facts?.state === 'running')
        .filter((facts) => {
          const held = decideTags([...kept.filter(({ resource }) => resource === facts.instanceId), ...ec2TagsOf(facts)]);
          return wanted.every(([name, expected]) => held.some((one) => one.key === name && one.value === expected));
        })
        .map(({ instanceId }) => instanceId)
        .toSorted();
    },
  };
}

function ec2TagsOf({ instanceId, tags }: InstanceFacts): WorkloadTag[] {
  return Object.entries(tags).map(([key, value]) => ({ resource: instanceId, key, value, source: 'ec2', confidence: 1, reason: 'a tag in EC2', atMs: 0 }));
}
