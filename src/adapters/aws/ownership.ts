import { createHash } from 'node:crypto';
import type { Owner } from '../../contracts/migration-activities';
import { OWNER_TAG, ROLE_TAG, RUN_TAG } from '../../contracts/workflow-ids';

export interface AwsTag {
  readonly Key: string;
  readonly Value: string;
}

/** Which step of the run made a snapshot. */
export const STEP_TAG = 'foreshift:step';

/** From workflow, run and step, never from the attempt: a repeated call is the same call. 40 of EC2's 64 characters. */
export function clientToken(owner: Owner, step: string): string {
  return createHash('sha256').update(`${owner.workflowId}/${owner.runId}/${step}`).digest('hex').slice(0, 40);
}

/** The tags on everything that a migration creates. */
export function ownerTags(owner: Owner, role: string): AwsTag[] {
  return [
    { Key: OWNER_TAG, Value: owner.workflowId },
    { Key: RUN_TAG, Value: owner.runId },
    { Key: ROLE_TAG, Value: role },
  ];
}

/** EC2 filters that find what one run created. */
export function ownedBy(owner: Owner): { Name: string; Values: string[] }[] {
  return [
    { Name: `tag:${OWNER_TAG}`, Values: [owner.workflowId] },
    { Name: `tag:${RUN_TAG}`, Values: [owner.runId] },
  ];
}

export function tagRecord(tags: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined): Record<string, string> {
  return Object.fromEntries((tags ?? []).flatMap((tag) => (tag.Key === undefined ? [] : [[tag.Key, tag.Value ?? '']])));
}
