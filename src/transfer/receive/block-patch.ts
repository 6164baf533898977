import { closeSync, constants, fstatSync, ftruncateSync, openSync, write, writeSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { promisify } from 'node:util';
import type { ChunkTable } from '../chunks/chunk-table';
import { hashBlocks } from '../chunks/hash-blocks';
import { DIGEST_BYTES, sha256, sha256Hex } from '../digest';
import { MAX_BLOCKS } from '../limits';
import type { FileEntry } from '../manifest/entry';
import { WireError } from '../wire/wire-error';
import { createAnew } from './places';
import { setAttributes } from './set-attributes';

const writeTo = promisify(write);
/** Up to here handing a write to another thread takes longer than the write. */
const SMALL_WRITE_BYTES = 128 * 1024;
/** A sender starts larger blocks long before: more is no file of its. */
const MOST_BLOCKS = 4 * MAX_BLOCKS;

/** A large file that is changed in place, block by block. Its table always tells what is on disk, whole file or not. */
export class BlockPatch {
  private readonly fd: number;
  private readonly zeroDigest: Buffer;
  private digests: Buffer;
  private blocks: number;
  private end: number;

  /** @param known null: whatever is there is dropped; another name of the same file does not see what is written here */
  constructor(
    at: string | Buffer,
    private readonly blockBytes: number,
    known: ChunkTable | null,
    private readonly isDevice: boolean,
  ) {
    this.fd = known === null && !isDevice ? createAnew(at, 0o600) : openSync(at, constants.O_RDWR | constants.O_NOFOLLOW);
    this.zeroDigest = sha256(Buffer.alloc(blockBytes));
    this.digests = Buffer.from(known?.digests ?? []);
    this.blocks = this.digests.length / DIGEST_BYTES;
    // What a device has beyond what is known may be anything: zeros are written there.
    this.end = isDevice ? Infinity : fstatSync(this.fd).size;
  }

  /** Writes runs of blocks, once they are all what their digest says. */
  async blocksOf(runs: readonly number[], digest: string, data: Buffer): Promise<void> {
    const pieces: { readonly at: number; readonly data: Buffer; readonly digests: Buffer }[] = [];
    let taken = 0;
    for (const [at, bytes] of pairs(runs)) {
      const piece = data.subarray(taken, (taken += bytes));
      pieces.push({ at, data: piece, digests: hashBlocks(piece, this.blockBytes) });
    }
    if (sha256Hex(Buffer.concat(pieces.map(({ digests }) => digests))) !== digest) throw new WireError('blocks were damaged on their way');
    for (const piece of pieces) {
      this.note(piece.at, piece.digests);
      await writeWhole(this.fd, piece.data, piece.at);
      this.end = Math.max(this.end, piece.at + piece.data.length);
    }
  }

  /** Runs of zeros: beyond the end they are a hole. */
  async zeros(runs: readonly number[]): Promise<void> {
    for (const [at, bytes] of pairs(runs)) {
      for (let from = at; from < at + bytes; from += this.blockBytes) {
        this.note(from, this.zeroDigest);
        if (from < this.end) await writeWhole(this.fd, Buffer.alloc(Math.min(this.blockBytes, at + bytes - from)), from);
      }
    }
  }

  /** The blocks that are on disk now. */
  table(): ChunkTable {
    return { blockBytes: this.blockBytes, lengths: null, digests: this.digests.subarray(0, this.blocks * DIGEST_BYTES) };
  }

  /** Gives the file its length and attributes. The table then is that of the whole file. */
  finish({ bytes, attributes }: FileEntry): { readonly table: ChunkTable; readonly stats: Stats } {
    if (!this.isDevice && fstatSync(this.fd).size !== bytes) ftruncateSync(this.fd, bytes);
    this.blocks = Math.ceil(bytes / this.blockBytes);
    if (this.digests.length < this.blocks * DIGEST_BYTES) throw new WireError('blocks of the file are missing');
    return { table: this.table(), stats: this.isDevice ? fstatSync(this.fd) : setAttributes(this.fd, attributes, true) };
  }

  /** How long it is on disk. */
  bytes(): number {
    return fstatSync(this.fd).size;
  }

  close(): void {
    closeSync(this.fd);
  }

  private note(at: number, digests: Buffer): void {
    const index = at / this.blockBytes;
    if (!Number.isInteger(index) || index > this.blocks || index >= MOST_BLOCKS) throw new WireError('blocks of the file are out of order');
    const needed = index * DIGEST_BYTES + digests.length;
    if (needed > this.digests.length) this.digests = Buffer.concat([this.digests], Math.max(needed, 2 * this.digests.length));
    digests.copy(this.digests, index * DIGEST_BYTES);
    this.blocks = Math.max(this.blocks, needed / DIGEST_BYTES);
  }
}

function* pairs(runs: readonly number[]): Generator<readonly [at: number, bytes: number], void, void> {
  for (let i = 0; i + 1 < runs.length; i += 2) yield [runs[i] as number, runs[i + 1] as number];
}

async function writeWhole(fd: number, data: Buffer, at: number): Promise<void> {
  if (data.length <= SMALL_WRITE_BYTES) return writeAtOnce(fd, data, at);
  for (let done = 0; done < data.length; ) done += (await writeTo(fd, data, done, data.length - done, at + done)).bytesWritten;
}

function writeAtOnce(fd: number, data: Buffer, at: number): void {
  for (let done = 0; done < data.length; ) done += writeSync(fd, data, done, data.length - done, at + done);
}
