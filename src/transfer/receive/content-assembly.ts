import { closeSync, constants, fstatSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { type ChunkTable, chunkCount, digestAt } from '../chunks/chunk-table';
import { sha256, sha256Hex } from '../digest';
import type { FileEntry } from '../manifest/entry';
import { WireError } from '../wire/wire-error';
import { createAnew, replace } from './places';
import { setAttributes } from './set-attributes';

interface KnownChunk {
  readonly index: number;
  readonly bytes: number;
}

/** A file cut by content, put together beside the earlier one out of new chunks and of chunks of the earlier one, whose place it then takes. */
export class ContentAssembly {
  private readonly fd: number;
  private readonly earlierFd: number | null;
  private readonly knownAt = new Map<number, KnownChunk>();
  private readonly lengths: number[] = [];
  private readonly digests: Buffer[] = [];

  /** @param known table of the earlier file; null where nothing of it is used */
  constructor(
    private readonly path: string,
    private readonly at: string | Buffer,
    private readonly temporary: string | Buffer,
    private readonly known: ChunkTable | null,
  ) {
    this.fd = createAnew(temporary, 0o600);
    this.earlierFd = known === null ? null : openSync(at, constants.O_RDONLY | constants.O_NOFOLLOW);
    let offset = 0;
    for (let index = 0; known !== null && index < chunkCount(known); index++) {
      const bytes = known.lengths?.[index] as number;
      this.knownAt.set(offset, { index, bytes });
      offset += bytes;
    }
  }

  /** Adds chunks: lengths of new ones, whose bytes are in `data`, and ranges of the earlier file. */
  append(parts: readonly (number | readonly [from: number, bytes: number])[], digest: string, data: Buffer): void {
    const fresh: Buffer[] = [];
    let taken = 0;
    for (const part of parts) if (typeof part === 'number') fresh.push(sha256(data.subarray(taken, (taken += part))));
    if (sha256Hex(Buffer.concat(fresh)) !== digest) throw new WireError('chunks were damaged on their way');
    let next = 0;
    let written = 0;
    taken = 0;
    for (const part of parts) {
      if (typeof part === 'number') {
        taken += part;
        this.note(part, fresh[next++] as Buffer);
        continue;
      }
      this.write(data.subarray(written, taken));
      written = taken;
      this.keep(part[0], part[1]);
    }
    this.write(data.subarray(written, taken));
  }

  /** The new file takes the place of the earlier one if it is what the entry says; its table is returned. */
  finish(entry: FileEntry, digestOf: (table: ChunkTable) => string): { readonly table: ChunkTable; readonly stats: Stats } {
    const table = { blockBytes: 0, lengths: Uint32Array.from(this.lengths), digests: Buffer.concat(this.digests) };
    if (digestOf(table) !== entry.content) throw new WireError('a file put together is not what it should be');
    setAttributes(this.fd, entry.attributes, true);
    replace(this.temporary, this.at);
    return { table, stats: fstatSync(this.fd) };
  }

  /** Closes; what did not take its place is removed. */
  close(): void {
    closeSync(this.fd);
    if (this.earlierFd !== null) closeSync(this.earlierFd);
    rmSync(this.temporary, { force: true });
  }

  // What lies on disk may have been damaged since: kept chunks are held against their digests as new ones are.
  private keep(from: number, bytes: number): void {
    for (let at = from; at < from + bytes; ) {
      const chunk = this.knownAt.get(at);
      if (chunk === undefined || this.known === null || this.earlierFd === null) throw new WireError('a chunk is named that is not there');
      const data = Buffer.allocUnsafe(chunk.bytes);
      const read = readSync(this.earlierFd, data, 0, chunk.bytes, at);
      const digest = digestAt(this.known, chunk.index);
      if (read !== chunk.bytes || !sha256(data).equals(digest)) throw new DamagedAtRest(this.path);
      this.write(data);
      this.note(chunk.bytes, digest);
      at += chunk.bytes;
    }
  }

  private write(data: Buffer): void {
    for (let done = 0; done < data.length; ) done += writeSync(this.fd, data, done);
  }

  private note(bytes: number, digest: Buffer): void {
    this.lengths.push(bytes);
    this.digests.push(digest);
  }
}

/** What was received before is not on disk any more as it was. */
export class DamagedAtRest extends Error {
  constructor(readonly path: string) {
    super(`the earlier content of ${JSON.stringify(path)} was damaged on disk; it has to be sent again`);
  }
}
