import type {
  ListChangedBlocksRequest,
  ListChangedBlocksResponse,
  ListSnapshotBlocksRequest,
  ListSnapshotBlocksResponse,
} from '@aws-sdk/client-ebs';
import type { Cloud } from '../ec2/cloud';
import { owned } from '../ec2/owned';
import type { SnapshotRecord } from '../ec2/records';
import { BLOCK_BYTES } from '../instances/block-store';
import type { OperationHandler } from '../operation';
import type { BlockTokens } from './block-tokens';
import { invalid, snapshotNotFound } from './ebs-errors';

const TOKEN_LIFE_MS = 7 * 24 * 3600 * 1000;
const MOST_RESULTS = 10_000;
const LEAST_RESULTS = 100;

/** ListSnapshotBlocks and ListChangedBlocks. */
export function blockListing(cloud: Cloud, tokens: BlockTokens): Record<string, OperationHandler> {
  return {
    ListSnapshotBlocks: owned((input: ListSnapshotBlocksRequest): ListSnapshotBlocksResponse => {
      const snapshot = completedSnapshot(cloud, input.SnapshotId ?? '');
      const { indexes, NextToken } = page([...snapshot.blocks.keys()], input);
      const Blocks = indexes.map((BlockIndex) => ({ BlockIndex, BlockToken: tokenOf(tokens, snapshot, BlockIndex) }));
      return { Blocks, NextToken, ...frame(snapshot) };
    }),

    ListChangedBlocks: owned((input: ListChangedBlocksRequest): ListChangedBlocksResponse => {
      const second = completedSnapshot(cloud, input.SecondSnapshotId ?? '');
      const first = input.FirstSnapshotId === undefined ? undefined : completedSnapshot(cloud, input.FirstSnapshotId);
      if (first && !related(cloud, first, second)) {
        throw invalid('UNRELATED_SNAPSHOTS', `The snapshots '${first.id}' and '${second.id}' are not of one volume`);
      }
      const all = new Set([...(first?.blocks.keys() ?? []), ...second.blocks.keys()]);
      const changed = [...all].filter((index) => first?.blocks.get(index) !== second.blocks.get(index));
      const { indexes, NextToken } = page(changed, input);
      const ChangedBlocks = indexes.map((BlockIndex) => ({
        BlockIndex,
        FirstBlockToken: first && tokenOf(tokens, first, BlockIndex),
        SecondBlockToken: tokenOf(tokens, second, BlockIndex),
      }));
      return { ChangedBlocks, NextToken, ...frame(second) };
    }),
  };
}

/** A snapshot whose blocks can be read. */
export function completedSnapshot(cloud: Cloud, id: string): SnapshotRecord {
  const snapshot = cloud.snapshots.get(id);
  if (!snapshot) throw snapshotNotFound(id);
  if (snapshot.state !== 'completed') throw invalid('INVALID_SNAPSHOT_ID', `The snapshot '${id}' is ${snapshot.state}`);
  return snapshot;
}

// Blocks can be compared when one snapshot comes from the other, or both come from one volume.
function related(cloud: Cloud, first: SnapshotRecord, second: SnapshotRecord): boolean {
  if (first.volumeId === second.volumeId) return true;
  const ancestors = new Set(lineage(cloud, first));
  return lineage(cloud, second).some((id) => ancestors.has(id));
}

function lineage(cloud: Cloud, snapshot: SnapshotRecord): string[] {
  const ids: string[] = [];
  for (let at: SnapshotRecord | undefined = snapshot; at; at = at.parentId === undefined ? undefined : cloud.snapshots.get(at.parentId)) {
    ids.push(at.id);
    if (at.parentId !== undefined) ids.push(at.parentId);
  }
  return ids;
}

function tokenOf(tokens: BlockTokens, snapshot: SnapshotRecord, index: number): string | undefined {
  const digest = snapshot.blocks.get(index);
  return digest === undefined ? undefined : tokens.tokenFor(snapshot.id, index, digest);
}

function frame(snapshot: SnapshotRecord): { ExpiryTime: Date; VolumeSize: number; BlockSize: number } {
  return { ExpiryTime: new Date(Date.now() + TOKEN_LIFE_MS), VolumeSize: snapshot.sizeGib, BlockSize: BLOCK_BYTES };
}

function page(
  indexes: readonly number[],
  input: { NextToken?: string | undefined; MaxResults?: number | undefined; StartingBlockIndex?: number | undefined },
): { indexes: readonly number[]; NextToken: string | undefined } {
  const max = input.MaxResults ?? MOST_RESULTS;
  if (max < LEAST_RESULTS || max > MOST_RESULTS) {
    throw invalid('INVALID_PARAMETER_VALUE', `MaxResults must be between ${LEAST_RESULTS} and ${MOST_RESULTS}`);
  }
  const from = input.NextToken === undefined ? (input.StartingBlockIndex ?? 0) : readToken(input.NextToken);
  const rest = indexes.filter((index) => index >= from).sort((a, b) => a - b);
  const next = rest[max];
  return { indexes: rest.slice(0, max), NextToken: next === undefined ? undefined : Buffer.from(`from:${next}`).toString('base64url') };
}

function readToken(token: string): number {
  const match = /^from:(\d+)$/.exec(Buffer.from(token, 'base64url').toString('utf8'));
  if (!match) throw invalid('INVALID_PAGE_TOKEN', 'The page token is not valid');
  return Number(match[1]);
}
