import { sha256Text } from '../digest';
import type { ChunkTable } from './chunk-table';
import { cutContent } from './cut-content';

/** Cuts a whole file by its content. */
export function contentTable(data: Buffer): ChunkTable {
  const lengths = cutContent(data);
  const digests: string[] = [];
  let at = 0;
  for (const length of lengths) digests.push(sha256Text(data.subarray(at, (at += length))));
  return { blockBytes: 0, lengths, digests: Buffer.from(digests.join(''), 'latin1') };
}
