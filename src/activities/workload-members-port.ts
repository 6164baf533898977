import type { ProfileTags } from '../domain/profiles/workload-tag';

export interface WorkloadMembersPort {
  /** Ids, sorted, of the running instances that have all of these tags. */
  membersOf(tags: ProfileTags): Promise<readonly string[]>;
}
