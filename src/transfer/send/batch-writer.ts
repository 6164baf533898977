import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { DIGEST_BYTES, sha256Hex } from '../digest';
import { BATCH_ACTS, BATCH_BYTES, WINDOW_BATCHES } from '../limits';
import type { FileEntry } from '../manifest/entry';
import type { Act } from '../wire/acts';
import type { Channel } from '../wire/channel';
import { BufferPool } from '../wire/buffer-pool';
import type { Packer } from '../wire/packing';

/** For a batch's acts behind its data; longer ones are copied. */
const ACT_ROOM_BYTES = 256 * 1024;

type Digested = { readonly act: Extract<Act, { act: 'blocks' | 'chunks' }>; readonly hash: Hash };

/** Gathers acts and their data into batches, and sends them packed and in order, no more at once than the window allows. */
export class BatchWriter {
  private acts: Act[] = [];
  private readonly pool = new BufferPool(BATCH_BYTES + ACT_ROOM_BYTES, WINDOW_BATCHES);
  private data = this.pool.take();
  private filled = 0;
  private open: Digested | null = null;
  private number = 0;
  private readonly waiting: (() => void)[] = [];
  private underway = 0;
  private failure: Error | null = null;
  private line: Promise<void> = Promise.resolve();
  private sendingSinceMs = 0;
  /** How long batches were under way so far. */
  sendingMs = 0;
  /** Literal bytes handed to the peer so far. */
  literalBytes = 0;

  constructor(
    private readonly channel: Channel,
    private readonly packer: Packer,
  ) {}

  /** Whether data of that length and one more act still fit into this batch; else flush first. */
  hasRoom(bytes: number): boolean {
    return this.filled + bytes <= BATCH_BYTES && this.acts.length < BATCH_ACTS;
  }

  /** An act without data. */
  add(act: Act): void {
    this.endDigested();
    if (act.act === 'open') this.packer.forget();
    this.acts.push(act);
  }

  /** A whole file. */
  put(entry: FileEntry, data: Buffer): void {
    this.add({ act: 'put', entry });
    this.copyIn(data);
  }

  /** Blocks of the open file that follow each other, with their digests; sends what is full in between. */
  async blocks(at: number, data: Buffer, digests: Buffer, blockBytes: number): Promise<void> {
    for (let from = 0; from < data.length; ) {
      if (!this.hasRoom(Math.min(blockBytes, data.length - from))) await this.flush();
      const fitting = Math.floor((BATCH_BYTES - this.filled) / blockBytes) * blockBytes;
      const to = data.length - from <= BATCH_BYTES - this.filled ? data.length : from + fitting;
      const { act, hash } = this.digested('blocks');
      if (act.act === 'blocks') extendRuns(act.runs, at + from, to - from);
      hash.update(digests.subarray((from / blockBytes) * DIGEST_BYTES, Math.ceil(to / blockBytes) * DIGEST_BYTES));
      this.copyIn(data.subarray(from, to));
      from = to;
    }
  }

  /** A block of zeros of the open file. */
  zeros(at: number, bytes: number): void {
    const last = this.acts.at(-1);
    if (last?.act === 'zeros') extendRuns(last.runs, at, bytes);
    else this.add({ act: 'zeros', runs: [at, bytes] });
  }

  /** The next chunk of a file that is cut by its content, with its digest. */
  chunk(data: Buffer, digest: Buffer): void {
    const { act, hash } = this.digested('chunks');
    if (act.act === 'chunks') act.parts.push(data.length);
    hash.update(digest);
    this.copyIn(data);
  }

  /** The next chunk is one that the peer has in the file's earlier content. */
  keep(from: number, bytes: number): void {
    const { act } = this.digested('chunks');
    if (act.act !== 'chunks') return;
    const last = act.parts.at(-1);
    if (Array.isArray(last) && last[0] + last[1] === from) last[1] += bytes;
    else act.parts.push([from, bytes]);
  }

  /** Sends what was gathered. Returns when the window has room again; throws once the connection is gone. */
  async flush(): Promise<void> {
    if (this.failure !== null) throw this.failure;
    if (this.acts.length === 0) return;
    this.endDigested();
    const acts = Buffer.from(JSON.stringify(this.acts));
    const raw = this.filled + acts.length <= this.data.length ? this.data.subarray(0, this.filled + acts.copy(this.data, this.filled)) : Buffer.concat([this.data.subarray(0, this.filled), acts]);
    const header = { kind: 'batch', number: ++this.number, actBytes: acts.length, dataBytes: this.filled, actsDigest: sha256Hex(acts) };
    this.literalBytes += this.filled;
    if (this.underway === 0) this.sendingSinceMs = performance.now();
    this.underway += 1;
    this.acts = [];
    this.data = this.pool.take();
    this.filled = 0;
    const packed = this.packer.pack(raw);
    this.line = this.line
      .then(async () => {
        const whole = await packed;
        if (whole !== null) this.pool.give(raw);
        await this.channel.send({ ...header, packed: whole !== null }, [whole ?? raw], whole === null ? () => this.pool.give(raw) : undefined);
      })
      .catch((error: unknown) => this.fail(error as Error));
    while (this.underway >= WINDOW_BATCHES && this.failure === null) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  /** The peer has applied one more batch. */
  acknowledged(): void {
    this.underway -= 1;
    if (this.underway === 0) this.sendingMs += performance.now() - this.sendingSinceMs;
    this.waiting.splice(0).forEach((wake) => wake());
  }

  /** The connection is gone: nothing waits for it any more. */
  fail(error: Error): void {
    this.failure ??= error;
    this.waiting.splice(0).forEach((wake) => wake());
  }

  /** Sends the rest and returns when all of it is handed to the connection. */
  async sent(): Promise<void> {
    await this.flush();
    await this.line;
    if (this.failure !== null) throw this.failure;
  }

  private digested(act: 'blocks' | 'chunks'): Digested {
    if (this.open?.act.act === act) return this.open;
    const opened = act === 'blocks' ? { act, runs: [], digest: '' } : { act, parts: [], digest: '' };
    this.add(opened);
    this.open = { act: opened, hash: createHash('sha256') };
    return this.open;
  }

  private endDigested(): void {
    if (this.open !== null) this.open.act.digest = this.open.hash.digest('hex');
    this.open = null;
  }

  private copyIn(data: Buffer): void {
    this.filled += data.copy(this.data, this.filled);
  }
}

function extendRuns(runs: number[], at: number, bytes: number): void {
  const last = runs.length - 2;
  if (last >= 0 && (runs[last] as number) + (runs[last + 1] as number) === at) runs[last + 1] = (runs[last + 1] as number) + bytes;
  else runs.push(at, bytes);
}
