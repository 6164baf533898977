import type { OwnedInEc2 } from '../domain/recovery/resources-of';
import type { TrafficSight } from '../domain/recovery/traffic-sight';
import type { RunRecord, RunSight } from '../domain/recovery/owner-state';
import type { Owner } from '../contracts/migration-activities';

/** What carries an owner's tags, and what balancers do with it. */
export interface OwnedResourcePort {
  /** Everything of EC2 that exists and carries the tags of an owner: of this one, or of any where it is null. */
  list(owner: Owner | null): Promise<readonly OwnedInEc2[]>;
  /** Every target group of instances with its members, and every route of the balancers that have one. */
  traffic(): Promise<TrafficSight>;
  deleteRule(ruleArn: string): Promise<void>;
}

/** Runs of workflows as Temporal has them. Throws `Unavailable` where it cannot be asked: that is no answer. */
export interface RunDirectory {
  look(owner: Owner): Promise<RunSight>;
}

/** Runs of workflows as the audit has them. */
export interface RunRecordPort {
  /** Of all these runs of the workflow together. */
  find(workflowId: string, runIds: readonly string[]): Promise<RunRecord>;
}
