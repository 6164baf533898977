import type { CopyImageRequest, CopyImageResult, CopySnapshotRequest, CopySnapshotResult } from '@aws-sdk/client-ec2';
import type { BlockMap } from '../instances/block-store';
import { AwsError, type OperationHandler } from '../operation';
import { refuseDryRun, type Cloud } from './cloud';
import { addImage, becomeAvailable, checkName } from './image-operations';
import { owned } from './owned';
import type { ImageDisk, ImageRecord, SnapshotRecord } from './records';
import { createSnapshotRecord } from './snapshot-creation';
import { tagList, tagsFor } from './tags';

/** A copy belongs to no volume; AWS shows this id for all of them. */
const NO_VOLUME = 'vol-ffffffff';

interface Encryption {
  readonly Encrypted?: boolean | undefined;
  readonly KmsKeyId?: string | undefined;
}

/** CopySnapshot and CopyImage, called in the region that the copy is for; from any region of the local cloud. */
export function copyOperations(cloud: Cloud): Record<string, OperationHandler> {
  return {
    CopySnapshot: owned((input: CopySnapshotRequest): CopySnapshotResult => {
      const from = regionOf(cloud, input.SourceRegion);
      const source = from.snapshot(input.SourceSnapshotId ?? '');
      checkEncryption(input);
      refuseDryRun(input);
      const copy = copySnapshot(cloud, from, source, { ...input, description: input.Description ?? '', tags: tagsFor('snapshot', input.TagSpecifications) });
      return { SnapshotId: copy.id, Tags: tagList(copy.tags) };
    }),

    CopyImage: owned(async (input: CopyImageRequest): Promise<CopyImageResult> => {
      const copy = await cloud.tokens.once('CopyImage', input, async () => {
        const from = regionOf(cloud, input.SourceRegion);
        const source = from.image(input.SourceImageId ?? '');
        if (source.state !== 'available') throw new AwsError('InvalidAMIID.Unavailable', `The image ID '${source.id}' is ${source.state}`);
        checkName(cloud, input.Name ?? '');
        checkEncryption(input);
        refuseDryRun(input);
        return copyImage(cloud, from, source, input);
      });
      return { ImageId: copy.id };
    }),
  };
}

function copyImage(cloud: Cloud, from: Cloud, source: ImageRecord, input: CopyImageRequest): ImageRecord {
  const { architecture, rootDeviceName } = source;
  const disks: ImageDisk[] = [];
  const tags = new Map([...(input.CopyImageTags === true ? source.tags : []), ...tagsFor('image', input.TagSpecifications)]);
  const image = addImage(cloud, { name: input.Name ?? '', description: input.Description ?? '', architecture, rootDeviceName, disks, sourceInstanceId: undefined, state: 'pending', tags });
  for (const disk of source.disks) {
    const description = `Copied for DestinationAmi ${image.id} from SourceAmi ${source.id} for SourceSnapshot ${disk.snapshotId}.`;
    const copy = copySnapshot(cloud, from, from.snapshot(disk.snapshotId), { ...input, description, tags: tagsFor('snapshot', input.TagSpecifications) });
    disks.push({ ...disk, snapshotId: copy.id, encrypted: copy.encrypted });
  }
  becomeAvailable(cloud, image);
  return image;
}

function copySnapshot(cloud: Cloud, from: Cloud, source: SnapshotRecord, { description, tags, ...asked }: Encryption & { readonly description: string; readonly tags: Map<string, string> }): SnapshotRecord {
  if (source.state !== 'completed') throw new AwsError('IncorrectState', `Snapshot '${source.id}' is ${source.state}`);
  const { region, accountId } = cloud.deps;
  const encrypted = asked.Encrypted ?? source.encrypted;
  // A key belongs to its region: without one that is named, the copy has the default key of its own.
  const kmsKeyId = asked.KmsKeyId ?? (encrypted ? `arn:aws:kms:${region}:${accountId}:alias/aws/ebs` : undefined);
  const spec = { volumeId: NO_VOLUME, sizeGib: source.sizeGib, description, encrypted, kmsKeyId, parentId: undefined, tags };
  return createSnapshotRecord(cloud, spec, () => copyBlocks(from, cloud, source.blocks));
}

/** Regions share no disk: each block is read from the one's and written to the other's. */
async function copyBlocks(from: Cloud, to: Cloud, blocks: BlockMap): Promise<BlockMap> {
  if (from !== to) for (const digest of new Set(blocks.values())) await to.deps.disks.blocks.put(await from.deps.disks.blocks.get(digest));
  return blocks;
}

function regionOf(cloud: Cloud, name: string | undefined): Cloud {
  const from = cloud.deps.regions.get(name ?? '');
  if (from === undefined) throw new AwsError('InvalidParameterValue', `Invalid value '${name ?? ''}' for SourceRegion; this cloud has ${[...cloud.deps.regions.keys()].join(', ')}`);
  return from;
}

function checkEncryption({ Encrypted, KmsKeyId }: Encryption): void {
  if (Encrypted === false) throw new AwsError('InvalidParameterValue', 'Encrypted cannot be set to false: leave it out');
  if (KmsKeyId !== undefined && Encrypted !== true) throw new AwsError('InvalidParameterDependency', 'KmsKeyId needs Encrypted');
}
