import type { ComputePort } from './compute-port';
import type { WorkloadMembersPort } from './workload-members-port';

/** Members by EC2's tags. */
export function createWorkloadMembers(compute: Pick<ComputePort, 'listTagged'>): WorkloadMembersPort {
  return {
    async membersOf(tags) {
      const [[key, value] = ['', '']] = Object.entries(tags);
      const found = await compute.listTagged(key, value);
      return found.filter((facts) => facts.state === 'running' && Object.entries(tags).every(([name, wanted]) => facts.tags[name] === wanted)).map(({ instanceId }) => instanceId).toSorted();
    },
  };
}
