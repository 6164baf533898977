import type { WorkloadTag } from '../domain/workload-tags/workload-tag';

/** Where tags of workloads are kept; those of EC2 are asked of EC2. */
export interface WorkloadTagStore {
  /** One for each resource, key and source: a later one takes the place of an earlier one. */
  put(tags: readonly WorkloadTag[]): Promise<void>;
  /** How many there were. */
  remove(resource: string, keys: readonly string[], source: WorkloadTag['source']): Promise<number>;
  /** By resource and key. */
  list(resource?: string): Promise<readonly WorkloadTag[]>;
}
