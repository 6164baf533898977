import { createHash } from 'node:crypto';
import { CompleteSnapshotCommand, StartSnapshotCommand, paginateListChangedBlocks } from '@aws-sdk/client-ebs';
import type { ChangedBlock, EBSClient } from '@aws-sdk/client-ebs';
import { CreateTagsCommand } from '@aws-sdk/client-ec2';
import type { EC2Client } from '@aws-sdk/client-ec2';
import type { SnapshotFacts, SnapshotRecipe } from '../../activities/disk-port';
import { isFailure } from '../../contracts/errors';
import type { Owner } from '../../contracts/migration-activities';
import { STEP_TAG, clientToken, ownerTags } from './ownership';
import { checksumOf, putBlock, readBlock } from './snapshot-block';
import { callAws } from './translate-error';

/** How many blocks were written and the checksum over theirs. Set before the snapshot is sealed: a repeated attempt could not tell by itself whether it may still write. */
const SEAL_TAG = 'foreshift:seal';
/** Blocks on their way at once: 8 MiB of memory. Where EBS takes no more for the moment, each waits by itself. */
const PARALLEL_BLOCKS = 16;

export interface SnapshotClients {
  readonly ec2: EC2Client;
  readonly ebs: EBSClient;
  /** Where `fromId` and `toId` are. */
  readonly source: EBSClient;
}

/**
 * Writes `recipe.parentId` with what changed from `fromId` to `toId` on top. `earlier`: what an attempt before this one left. Every block is read, verified and put with its checksum; the snapshot is
 * sealed with the checksum over all of them. It is encrypted as its parent is. Throws `VerificationFailed` where a block cannot be carried over undamaged.
 */
export async function writeSnapshot(clients: SnapshotClients, owner: Owner, recipe: SnapshotRecipe, earlier: SnapshotFacts | undefined, onBlock: (writtenBytes: number) => void): Promise<string> {
  const sealed = earlier?.tags[SEAL_TAG];
  if (earlier !== undefined && sealed !== undefined) {
    // Its reply was lost, or it never arrived.
    if (earlier.state === 'pending') await seal(clients, earlier.snapshotId, sealed).catch(ignoreInvalid);
    return earlier.snapshotId;
  }
  const { fromId, toId } = recipe;
  const whole = createHash('sha256');
  let [count, writtenBytes] = [0, 0];
  let snapshotId: string | null = null;
  for await (const page of callPages(clients.source, recipe)) {
    const { blockBytes } = page;
    snapshotId ??= await start(clients, owner, recipe, page.sizeGiB);
    const into = snapshotId;
    for (let at = 0; at < page.blocks.length; at += PARALLEL_BLOCKS) {
      const copies = page.blocks.slice(at, at + PARALLEL_BLOCKS).map(async ({ BlockIndex = -1, SecondBlockToken }) => {
        // Without a second token it is a block that was there and is not any more: it reads as zeros from now on.
        const block = SecondBlockToken === undefined ? zeros(blockBytes) : await readBlock(clients.source, toId, BlockIndex, SecondBlockToken);
        await putBlock(clients.ebs, into, BlockIndex, block);
        return block.checksum;
      });
      for (const checksum of await allOf(copies)) whole.update(Buffer.from(checksum, 'base64'));
      count += copies.length;
      onBlock((writtenBytes += copies.length * blockBytes));
    }
  }
  if (snapshotId === null) throw new Error(`nothing was listed between ${fromId} and ${toId}`);
  const value = `${count} ${whole.digest('base64')}`;
  await callAws(`tag ${snapshotId}`, () => clients.ec2.send(new CreateTagsCommand({ Resources: [snapshotId], Tags: [{ Key: SEAL_TAG, Value: value }] })));
  await seal(clients, snapshotId, value);
  return snapshotId;
}

async function start({ ebs }: SnapshotClients, owner: Owner, { parentId, step }: SnapshotRecipe, sizeGiB: number): Promise<string> {
  const Tags = [...ownerTags(owner, 'written-snapshot'), { Key: STEP_TAG, Value: step }];
  const answer = await callAws(`start a snapshot on ${parentId}`, () => ebs.send(new StartSnapshotCommand({ VolumeSize: sizeGiB, ParentSnapshotId: parentId, ClientToken: clientToken(owner, step), Tags })));
  if (answer.SnapshotId === undefined) throw new Error('StartSnapshot answered without a snapshot');
  return answer.SnapshotId;
}

async function seal({ ebs }: SnapshotClients, SnapshotId: string, value: string): Promise<void> {
  const [count, Checksum] = value.split(' ');
  const whole = { SnapshotId, ChangedBlocksCount: Number(count), Checksum, ChecksumAlgorithm: 'SHA256' as const, ChecksumAggregationMethod: 'LINEAR' as const };
  await callAws(`seal ${SnapshotId}`, () => ebs.send(new CompleteSnapshotCommand(whole)));
}

async function* callPages(source: EBSClient, { fromId, toId }: SnapshotRecipe): AsyncGenerator<{ blocks: readonly ChangedBlock[]; blockBytes: number; sizeGiB: number }> {
  const pages = paginateListChangedBlocks({ client: source }, { FirstSnapshotId: fromId, SecondSnapshotId: toId });
  for (;;) {
    const page = await callAws(`compare ${fromId} with ${toId}`, () => pages.next());
    if (page.done === true) return;
    yield { blocks: page.value.ChangedBlocks ?? [], blockBytes: page.value.BlockSize ?? 0, sizeGiB: page.value.VolumeSize ?? 0 };
  }
}

/** Waits for all, also where one fails: nothing is to go on behind the attempt's back. */
async function allOf<T>(works: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(works);
  return Promise.all(works);
}

function zeros(length: number): { bytes: Uint8Array; checksum: string } {
  const bytes = new Uint8Array(length);
  return { bytes, checksum: checksumOf(bytes) };
}

/** A snapshot that was sealed takes no second seal; whether it is right is seen when it is completed. */
function ignoreInvalid(error: unknown): void {
  if (!isFailure(error, 'InvalidInput')) throw error;
}
