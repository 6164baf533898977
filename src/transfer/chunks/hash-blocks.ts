import { DIGEST_BYTES, sha256Text } from '../digest';

/** Writes the digests of the blocks of the data, one after the other, and returns them; the last block may be short. */
export function hashBlocks(data: Buffer, blockBytes: number, digests: Buffer = Buffer.allocUnsafe(Math.ceil(data.length / blockBytes) * DIGEST_BYTES)): Buffer {
  for (let at = 0, to = 0; at < data.length; at += blockBytes, to += DIGEST_BYTES) digests.write(sha256Text(data.subarray(at, at + blockBytes)), to, 'latin1');
  return digests;
}
