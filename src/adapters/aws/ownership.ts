import { createHash } from 'node:crypto';
import type { Owner } from '../../contracts/migration-activities';
import { ANY_RUN, OWNER_TAG, ROLE_TAG, RUN_TAG } from '../../contracts/workflow-ids';

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

/** EC2 filters that find what one run created, or, since a filter's `*` stands for anything, any of them. */
export function ownedBy(owner: Owner): { Name: string; Values: string[] }[] {
  return [
    { Name: `tag:${OWNER_TAG}`, Values: [owner.workflowId] },
    { Name: `tag:${RUN_TAG}`, Values: [owner.runId] },
  ];
}

/** The same of tags that were read. */
export function isOwnedBy(tags: Readonly<Record<string, string>>, { workflowId, runId }: Owner): boolean {
  return tags[OWNER_TAG] === workflowId && tags[RUN_TAG] !== undefined && (runId === ANY_RUN || tags[RUN_TAG] === runId);
}

export function tagRecord(tags: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined): Record<string, string> {
  return Object.fromEntries((tags ?? []).flatMap((tag) => (tag.Key === undefined ? [] : [[tag.Key, tag.Value ?? '']])));
}
