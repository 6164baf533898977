import { sha256 } from '../digest';

const MIN_BYTES = 2_048;
const MAX_BYTES = 65_536;
/** The upper bits of the rolling value hold what the last bytes were; 12 of them make a cut once in 4 KiB. */
const CUT_MASK = 0xfff0_0000 | 0;

// Part of the wire format: both sides must cut alike.
const GEAR = Int32Array.from({ length: 256 }, (_, byte) => sha256(Buffer.from(`foreshift gear ${byte}`)).readInt32LE(0));

/**
 * Lengths of the chunks of the data, cut where a gear hash of the last 32 bytes says so (Xia et al., FastCDC, 2016): 2 KiB to
 * 64 KiB, 6 KiB in the mean. Equal content is cut alike wherever it stands.
 */
export function cutContent(data: Uint8Array): Uint32Array {
  const lengths: number[] = [];
  let start = 0;
  while (start < data.length) {
    const end = cutAfter(data, start);
    lengths.push(end - start);
    start = end;
  }
  return Uint32Array.from(lengths);
}

function cutAfter(data: Uint8Array, start: number): number {
  const last = Math.min(start + MAX_BYTES, data.length);
  let hash = 0;
  for (let i = start + MIN_BYTES; i < last; i++) {
    hash = ((hash << 1) + (GEAR[data[i] as number] as number)) | 0;
    if ((hash & CUT_MASK) === 0) return i + 1;
  }
  return last;
}
