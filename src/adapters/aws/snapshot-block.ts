import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { GetSnapshotBlockCommand, PutSnapshotBlockCommand, ValidationException } from '@aws-sdk/client-ebs';
import type { EBSClient } from '@aws-sdk/client-ebs';
import { ApplicationFailure } from '@temporalio/common';
import { businessFailure, retryableFailure } from '../../contracts/errors';
import { callAws } from './translate-error';

/** A block, and its SHA-256 in base64 as EBS states it. */
export interface VerifiedBlock {
  readonly bytes: Uint8Array;
  readonly checksum: string;
}

/** A copy has thousands of blocks: one that fails is tried again by itself before the whole activity is. */
const TRIES = 4;
const FIRST_PAUSE_MS = 50;

/** Reads one block and holds it against the checksum that EBS states; what was damaged on its way is read again. Throws `VerificationFailed` where it stays so. */
export async function readBlock(ebs: EBSClient, SnapshotId: string, BlockIndex: number, BlockToken: string | undefined): Promise<VerifiedBlock> {
  return again(async () => {
    const answer = await callAws(`read block ${BlockIndex} of ${SnapshotId}`, () => ebs.send(new GetSnapshotBlockCommand({ SnapshotId, BlockIndex, BlockToken })));
    const bytes = (await answer.BlockData?.transformToByteArray()) ?? new Uint8Array();
    const checksum = checksumOf(bytes);
    if (answer.Checksum !== checksum) throw businessFailure('VerificationFailed', `block ${BlockIndex} of ${SnapshotId} does not match its checksum`);
    return { bytes, checksum };
  });
}

/** Writes one block with the checksum that EBS holds it against; what was damaged on its way is written again. Throws `VerificationFailed` where it stays so. */
export async function putBlock(ebs: EBSClient, SnapshotId: string, BlockIndex: number, { bytes, checksum }: VerifiedBlock): Promise<void> {
  const block = { SnapshotId, BlockIndex, BlockData: bytes, DataLength: bytes.length, Checksum: checksum, ChecksumAlgorithm: 'SHA256' as const };
  await again(() => callAws(`write block ${BlockIndex} of ${SnapshotId}`, () => ebs.send(new PutSnapshotBlockCommand(block)).catch(rethrow)));
}

export function checksumOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64');
}

function rethrow(error: unknown): never {
  const reason = error instanceof ValidationException ? error.Reason : undefined;
  if (reason === 'INVALID_BLOCK') throw businessFailure('VerificationFailed', `a block arrived damaged: ${String(error)}`);
  // An attempt that was given up still writes the same block.
  if (reason === 'CONFLICTING_BLOCK_UPDATE') throw retryableFailure('Unavailable', String(error));
  throw error;
}

async function again<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await attempt();
    } catch (error) {
      const mayPass = error instanceof ApplicationFailure && (error.nonRetryable !== true || error.type === 'VerificationFailed');
      if (!mayPass || tried === TRIES) throw error;
      await sleep(FIRST_PAUSE_MS * 2 ** tried);
    }
  }
}
