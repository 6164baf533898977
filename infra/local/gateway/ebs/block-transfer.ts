import { createHash } from 'node:crypto';
import type {
  CompleteSnapshotRequest,
  CompleteSnapshotResponse,
  GetSnapshotBlockRequest,
  PutSnapshotBlockRequest,
  PutSnapshotBlockResponse,
  StartSnapshotRequest,
  StartSnapshotResponse,
} from '@aws-sdk/client-ebs';
import { ClientTokens } from '../ec2/client-tokens';
import type { Cloud } from '../ec2/cloud';
import { newId } from '../ec2/ids';
import { owned } from '../ec2/owned';
import type { SnapshotRecord } from '../ec2/records';
import { completeAfterDelay } from '../ec2/snapshot-creation';
import { tagList } from '../ec2/tags';
import { BLOCK_BYTES } from '../instances/block-store';
import { AwsError, type OperationHandler } from '../operation';
import { completedSnapshot } from './block-listing';
import type { BlockTokens } from './block-tokens';
import { invalid, snapshotNotFound } from './ebs-errors';

const BLOCKS_PER_GIB = 1024 ** 3 / BLOCK_BYTES;

/** A snapshot that is being written, with the blocks put so far. */
interface Upload {
  readonly snapshot: SnapshotRecord;
  readonly written: Map<number, string>;
  sealed: boolean;
}

/** Reading blocks and writing snapshots block by block. */
export function blockTransfer(cloud: Cloud, tokens: BlockTokens): Record<string, OperationHandler> {
  const uploads = new Map<string, Upload>();
  const starts = new ClientTokens(
    (token) => new AwsError('ConflictException', `The client token ${token} was used for another request`, 503),
  );
  const store = cloud.deps.disks.blocks;

  return {
    GetSnapshotBlock: owned(async (input: GetSnapshotBlockRequest) => {
      const snapshot = completedSnapshot(cloud, input.SnapshotId ?? '');
      const index = checkedIndex(snapshot, input.BlockIndex);
      const digest = snapshot.blocks.get(index);
      if (digest === undefined || tokens.tokenFor(snapshot.id, index, digest) !== input.BlockToken) {
        throw invalid('INVALID_BLOCK_TOKEN', `The block token is not valid for block ${index} of '${snapshot.id}'`);
      }
      const Checksum = Buffer.from(digest, 'hex').toString('base64');
      return { BlockData: await store.get(digest), DataLength: BLOCK_BYTES, Checksum, ChecksumAlgorithm: 'SHA256' };
    }),

    StartSnapshot: owned(async (input: StartSnapshotRequest): Promise<StartSnapshotResponse> => {
      const snapshot = await starts.once('StartSnapshot', input, async () => {
        const upload: Upload = { snapshot: startSnapshot(cloud, input), written: new Map(), sealed: false };
        uploads.set(upload.snapshot.id, upload);
        return upload.snapshot;
      });
      return {
        SnapshotId: snapshot.id,
        Description: snapshot.description,
        OwnerId: cloud.deps.accountId,
        Status: snapshot.state as 'pending',
        StartTime: new Date(snapshot.createdAtMs),
        VolumeSize: snapshot.sizeGib,
        BlockSize: BLOCK_BYTES,
        Tags: tagList(snapshot.tags),
        ParentSnapshotId: snapshot.parentId,
      };
    }),

    PutSnapshotBlock: owned(async (input: PutSnapshotBlockRequest): Promise<PutSnapshotBlockResponse> => {
      const upload = openUpload(uploads, input.SnapshotId);
      const index = checkedIndex(upload.snapshot, input.BlockIndex);
      const data = Buffer.from(input.BlockData as unknown as Uint8Array);
      if (input.DataLength !== BLOCK_BYTES || data.length !== BLOCK_BYTES) {
        throw invalid('INVALID_BLOCK', `A block must have ${BLOCK_BYTES} bytes; this one has ${data.length}, declared ${input.DataLength ?? 0}`);
      }
      if (input.ChecksumAlgorithm !== 'SHA256') throw invalid('INVALID_PARAMETER_VALUE', 'ChecksumAlgorithm must be SHA256');
      const checksum = createHash('sha256').update(data).digest('base64');
      if (input.Checksum !== checksum) throw invalid('INVALID_BLOCK', `The checksum does not match the data of block ${index}`);
      upload.written.set(index, await store.put(data));
      return { Checksum: checksum, ChecksumAlgorithm: 'SHA256' };
    }),

    CompleteSnapshot: owned((input: CompleteSnapshotRequest): CompleteSnapshotResponse => {
      const known = uploads.get(input.SnapshotId ?? '');
      // Completing again is no mistake: the first reply may have been lost.
      if (known?.sealed === true && input.ChangedBlocksCount === known.written.size) return { Status: statusOf(known.snapshot) };
      const upload = openUpload(uploads, input.SnapshotId);
      checkCompletion(upload, input);
      upload.sealed = true;
      const { snapshot } = upload;
      snapshot.blocks = new Map([...snapshot.blocks, ...upload.written]);
      completeAfterDelay(cloud, snapshot);
      return { Status: statusOf(snapshot) };
    }),
  };
}

function startSnapshot(cloud: Cloud, input: StartSnapshotRequest): SnapshotRecord {
  const sizeGib = input.VolumeSize ?? 0;
  if (sizeGib < 1 || sizeGib > 65_536) throw invalid('INVALID_VOLUME_SIZE', `The volume size ${sizeGib} GiB is not valid`);
  const parent = input.ParentSnapshotId === undefined ? undefined : completedSnapshot(cloud, input.ParentSnapshotId);
  if (parent && sizeGib < parent.sizeGib) {
    throw invalid('INVALID_VOLUME_SIZE', `The volume size ${sizeGib} GiB is below the ${parent.sizeGib} GiB of the parent snapshot`);
  }
  const snapshot: SnapshotRecord = {
    id: newId('snap'),
    seq: cloud.nextSeq(),
    createdAtMs: Date.now(),
    tags: new Map((input.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
    volumeId: 'vol-ffffffff',
    sizeGib,
    description: input.Description ?? '',
    encrypted: input.Encrypted ?? parent?.encrypted ?? false,
    kmsKeyId: input.KmsKeyArn,
    parentId: parent?.id,
    state: 'pending',
    completedAtMs: undefined,
    blocks: parent?.blocks ?? new Map(),
    captured: Promise.resolve(),
  };
  cloud.snapshots.set(snapshot.id, snapshot);
  return snapshot;
}

function openUpload(uploads: ReadonlyMap<string, Upload>, id: string | undefined): Upload {
  const upload = uploads.get(id ?? '');
  if (!upload) throw snapshotNotFound(id ?? '');
  if (upload.sealed) throw invalid('INVALID_SNAPSHOT_ID', `The snapshot '${upload.snapshot.id}' is not being written any more`);
  return upload;
}

function checkedIndex(snapshot: SnapshotRecord, index: number | undefined): number {
  if (index === undefined || index < 0 || index >= snapshot.sizeGib * BLOCKS_PER_GIB) {
    throw invalid('INVALID_PARAMETER_VALUE', `The block index ${index ?? ''} is beyond the volume of ${snapshot.sizeGib} GiB`);
  }
  return index;
}

function checkCompletion(upload: Upload, input: CompleteSnapshotRequest): void {
  if (input.ChangedBlocksCount !== upload.written.size) {
    const message = `ChangedBlocksCount is ${input.ChangedBlocksCount ?? ''}, but ${upload.written.size} blocks were written`;
    throw invalid('INVALID_PARAMETER_VALUE', message);
  }
  if (input.Checksum === undefined) return;
  const whole = createHash('sha256');
  const inOrder = [...upload.written].sort(([a], [b]) => a - b);
  for (const [, digest] of inOrder) whole.update(Buffer.from(digest, 'hex'));
  if (whole.digest('base64') !== input.Checksum) {
    throw invalid('INVALID_PARAMETER_VALUE', 'The aggregated checksum does not match the written blocks');
  }
}

function statusOf(snapshot: SnapshotRecord): 'pending' | 'completed' | 'error' {
  return snapshot.state === 'completed' || snapshot.state === 'error' ? snapshot.state : 'pending';
}
