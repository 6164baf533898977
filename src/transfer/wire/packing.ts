import { Decoder, Encoder } from '@toondepauw/node-zstd';
import { WireError } from './wire-error';

/** Of zstd: the smallest that is not longer than rsync's level 3 on a stream, at batches of 6 MiB, and a quarter cheaper than it; level 1 is longer by a tenth and no faster on text. */
const LEVEL = 2;
/** Below this gain, sending is cheaper than unpacking. */
const WORTHWHILE_RATIO = 0.95;
const MOST_SKIPPED = 16;
/** Up to here handing it to another thread takes longer than packing it: rounds shortly before a pause are as short as this. */
const AT_ONCE_BYTES = 64 * 1024;
const BLOCK_MAX_BYTES = 128 * 1024;
/** Blocks may be split as small as 8 KiB, each counted as a full one here: a batch of real data stays far below. */
const MOST_UNPACKED_BYTES = 128 * 1024 * 1024;
const MAGIC = 0xfd2fb528;

/** Compresses batches until they stop shrinking: then it lets twice as many pass each time before it tries again. */
export class Packer {
  private readonly encoder = new Encoder(LEVEL);
  private toSkip = 0;
  private skipNext = 1;

  /** What comes next has nothing to do with what came before. */
  forget(): void {
    this.toSkip = 0;
    this.skipNext = 1;
  }

  /** The packed bytes, or null where it does not pay. Runs beside this thread where it takes some time. */
  async pack(raw: Buffer): Promise<Buffer | null> {
    if (this.toSkip > 0) {
      this.toSkip -= 1;
      return null;
    }
    const packed = raw.length <= AT_ONCE_BYTES ? this.encoder.encodeSync(raw) : await this.encoder.encode(raw);
    if (packed.length < WORTHWHILE_RATIO * raw.length) {
      this.skipNext = 1;
      return packed;
    }
    this.toSkip = this.skipNext;
    this.skipNext = Math.min(2 * this.skipNext, MOST_SKIPPED);
    return null;
  }
}

const decoder = new Decoder();

/** Unpacks what must come to that many bytes. Throws a WireError otherwise, before anything of more than 128 MiB is made. */
export async function unpack(packed: Buffer, rawBytes: number): Promise<Buffer> {
  if (mostUnpacked(packed) > MOST_UNPACKED_BYTES) throw new WireError('a batch might unpack to more than there is room for');
  const raw = await decoded(packed, rawBytes).catch(() => {
    throw new WireError('a batch does not unpack');
  });
  if (raw.length !== rawBytes) throw new WireError(`a batch unpacks to ${raw.length} bytes, not to ${rawBytes}`);
  return raw;
}

async function decoded(packed: Buffer, rawBytes: number): Promise<Buffer> {
  return rawBytes <= AT_ONCE_BYTES ? decoder.decodeSync(packed) : decoder.decode(packed);
}

/** The most that a zstd frame can unpack to, by its block headers (RFC 8878, 3.1.1): the library itself knows no bound. */
function mostUnpacked(frame: Buffer): number {
  if (frame.length < 6 || frame.readUInt32LE(0) !== MAGIC) throw new WireError('a batch is no zstd frame');
  const descriptor = frame[4] as number;
  const singleSegment = (descriptor >> 5) & 1;
  const sizeBytes = [singleSegment, 2, 4, 8][descriptor >> 6] as number;
  let at = 5 + (1 - singleSegment) + ([0, 1, 2, 4][descriptor & 3] as number) + sizeBytes;
  let most = 0;
  for (let last = false; !last; ) {
    if (at + 3 > frame.length) throw new WireError('a batch is a torn zstd frame');
    const header = frame.readUIntLE(at, 3);
    const kind = (header >> 1) & 3;
    last = (header & 1) === 1;
    at += 3 + (kind === 1 ? 1 : header >> 3);
    most += kind === 2 ? BLOCK_MAX_BYTES : header >> 3;
  }
  // A second frame would be unpacked as well, unseen.
  if (at + ((descriptor >> 2) & 1) * 4 !== frame.length) throw new WireError('a batch is more than one zstd frame');
  return most;
}
