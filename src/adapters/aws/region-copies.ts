import { CopyImageCommand, CopySnapshotCommand } from '@aws-sdk/client-ec2';
import type { EC2Client } from '@aws-sdk/client-ec2';
import type { Owner } from '../../contracts/migration-activities';
import { STEP_TAG, clientToken, ownerTags } from './ownership';
import { callAws } from './translate-error';

/** Begins to copy an image with its snapshots from another region to the client's; the same copy again when repeated. What is encrypted gets the region's default key: keys are of one region. */
export async function copyImage(ec2: EC2Client, owner: Owner, imageId: string, fromRegion: string): Promise<string> {
  const answer = await callAws(`copy ${imageId} from ${fromRegion}`, () =>
    ec2.send(
      new CopyImageCommand({
        ClientToken: clientToken(owner, 'copy-image'),
        SourceRegion: fromRegion,
        SourceImageId: imageId,
        Name: `foreshift-${imageId}-${clientToken(owner, 'copy-image').slice(0, 12)}`,
        TagSpecifications: [
          { ResourceType: 'image', Tags: ownerTags(owner, 'copied-image') },
          { ResourceType: 'snapshot', Tags: ownerTags(owner, 'copied-image-snapshot') },
        ],
      }),
    ),
  );
  if (answer.ImageId === undefined) throw new Error('CopyImage answered without an image');
  return answer.ImageId;
}

/** Begins to copy a snapshot from another region to the client's, every time that it is called: CopySnapshot takes no token. `step` stands in its tags. */
export async function copySnapshot(ec2: EC2Client, owner: Owner, snapshotId: string, fromRegion: string, step: string): Promise<string> {
  const Tags = [...ownerTags(owner, 'copied-snapshot'), { Key: STEP_TAG, Value: step }];
  const answer = await callAws(`copy ${snapshotId} from ${fromRegion}`, () =>
    ec2.send(new CopySnapshotCommand({ SourceRegion: fromRegion, SourceSnapshotId: snapshotId, TagSpecifications: [{ ResourceType: 'snapshot', Tags }] })),
  );
  if (answer.SnapshotId === undefined) throw new Error('CopySnapshot answered without a snapshot');
  return answer.SnapshotId;
}
