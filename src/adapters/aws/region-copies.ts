import { CopyImageCommand, CopySnapshotCommand } from '@aws-sdk/client-ec2';
import type { EC2Client } from '@aws-sdk/client-ec2';
import { retryableFailure } from '../../contracts/errors';
import type { CopyOrigin, Owner } from '../../contracts/migration-activities';
import { STEP_TAG, clientToken, ownerTags } from './ownership';
import { callAws, codeOf } from './translate-error';

/** Begins to copy an image with its snapshots from another region to the client's; the same copy again when repeated. */
export async function copyImage(ec2: EC2Client, owner: Owner, imageId: string, origin: CopyOrigin): Promise<string> {
  const token = clientToken(owner, 'copy-image');
  const command = new CopyImageCommand({
    ClientToken: token,
    SourceRegion: origin.fromRegion,
    SourceImageId: imageId,
    Name: `foreshift-${imageId}-${token.slice(0, 12)}`,
    TagSpecifications: [
      { ResourceType: 'image', Tags: ownerTags(owner, 'copied-image') },
      { ResourceType: 'snapshot', Tags: ownerTags(owner, 'copied-image-snapshot') },
    ],
    ...encryptionOf(origin),
  });
  const answer = await callAws(`copy ${imageId} from ${origin.fromRegion}`, () => ec2.send(command).catch(waitForOthers));
  if (answer.ImageId === undefined) throw new Error('CopyImage answered without an image');
  return answer.ImageId;
}

/** Begins to copy a snapshot from another region to the client's, every time that it is called: CopySnapshot takes no token. `step` stands in its tags. */
export async function copySnapshot(ec2: EC2Client, owner: Owner, snapshotId: string, origin: CopyOrigin, step: string): Promise<string> {
  const Tags = [...ownerTags(owner, 'copied-snapshot'), { Key: STEP_TAG, Value: step }];
  const command = new CopySnapshotCommand({ SourceRegion: origin.fromRegion, SourceSnapshotId: snapshotId, TagSpecifications: [{ ResourceType: 'snapshot', Tags }], ...encryptionOf(origin) });
  const answer = await callAws(`copy ${snapshotId} from ${origin.fromRegion}`, () => ec2.send(command).catch(waitForOthers));
  if (answer.SnapshotId === undefined) throw new Error('CopySnapshot answered without a snapshot');
  return answer.SnapshotId;
}

/** Keys are of one region: without one that is named, what is encrypted gets the default key of the copy's region. */
function encryptionOf({ kmsKeyId }: CopyOrigin): { readonly Encrypted?: true; readonly KmsKeyId?: string } {
  return kmsKeyId === undefined ? {} : { Encrypted: true, KmsKeyId: kmsKeyId };
}

/** EC2 makes a few copies at a time in a region: there is room when one of them is completed. */
function waitForOthers(error: unknown): never {
  if (error instanceof Error && codeOf(error) === 'ResourceLimitExceeded') throw retryableFailure('Throttled', error.message);
  throw error;
}
