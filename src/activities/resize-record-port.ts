import type { SeenInstance } from '../contracts/adjust-shape';

export interface ResizeRecordPort {
  /** The instance as it was before the newest change of its type under this workflow id, where the audit has no end of that; null where there is nothing to take back. */
  unfinished(workflowId: string): Promise<SeenInstance | null>;
}
