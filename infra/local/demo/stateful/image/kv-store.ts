import { closeSync, existsSync, fdatasync, mkdirSync, openSync, readFileSync, write } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const SEGMENT_BYTES = 4 * 1024 * 1024;

interface Pending {
  readonly key: string;
  readonly value: string;
  readonly done: (error: Error | null) => void;
}

const [append, sync] = [promisify(write), promisify(fdatasync)];

/** Keys and values in a write-ahead log: a write is done once it is in the log on disk. Touches nothing on disk before its first write. */
export class KvStore {
  private readonly values = new Map<string, string>();
  private segment = 0;
  private writtenBytes = 0;
  private fd: number | null = null;
  private pending: Pending[] = [];
  private committing: Promise<void> = Promise.resolve();

  /** How much of the log is known: all before this segment, and so many bytes of it. */
  private known = { segment: 0, bytes: 0 };

  /** Reads the whole log. */
  constructor(private readonly folder: string) {
    this.readOn();
  }

  /** Reads what has come into the log since, as after a hand-over: it only ever grows. Not while it is written to here. */
  readOn(): void {
    for (let known = this.readFrom(this.known.segment, this.known.bytes); known !== null; known = this.readFrom(this.known.segment + 1, 0)) this.known = known;
    this.segment = this.known.bytes === 0 ? this.known.segment : this.known.segment + 1;
  }

  get keys(): number {
    return this.values.size;
  }

  get(key: string): string | null {
    return this.values.get(key) ?? null;
  }

  /** Group commit: all that comes while the disk is at work is synced at once after it. */
  set(key: string, value: string): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.pending.length === 0) this.committing = this.committing.then(() => this.commit());
      this.pending.push({ key, value, done: (error) => (error === null ? resolve() : reject(error)) });
    });
  }

  /** Resolves when all that was asked for so far is on disk; nothing of the log is open then. */
  async close(): Promise<void> {
    await this.committing;
    this.endSegment();
  }

  private async commit(): Promise<void> {
    const batch = this.pending;
    this.pending = [];
    try {
      this.fd ??= this.openSegment();
      const lines = Buffer.from(batch.map(({ key, value }) => `${JSON.stringify([key, value])}\n`).join(''));
      this.writtenBytes += (await append(this.fd, lines)).bytesWritten;
      await sync(this.fd);
      for (const { key, value } of batch) this.values.set(key, value);
      batch.forEach(({ done }) => done(null));
      if (this.writtenBytes >= SEGMENT_BYTES) this.endSegment();
    } catch (error) {
      // What is behind a write that failed may be torn: the next one begins a segment of its own.
      this.endSegment();
      batch.forEach(({ done }) => done(error as Error));
    }
  }

  private openSegment(): number {
    mkdirSync(this.folder, { recursive: true });
    while (existsSync(this.file(this.segment))) this.segment += 1;
    return openSync(this.file(this.segment), 'a');
  }

  private endSegment(): void {
    if (this.fd === null) return;
    closeSync(this.fd);
    this.fd = null;
    this.known = { segment: this.segment, bytes: this.writtenBytes };
    this.writtenBytes = 0;
    this.segment += 1;
  }

  private readFrom(segment: number, bytes: number): typeof this.known | null {
    if (!existsSync(this.file(segment))) return null;
    const content = readFileSync(this.file(segment));
    // A last line without its end was never acknowledged; the rest of it may still come.
    const endBytes = content.lastIndexOf(0x0a) + 1;
    for (const line of content.subarray(bytes, Math.max(bytes, endBytes)).toString().split('\n').slice(0, -1)) {
      const [key, value] = JSON.parse(line) as [string, string];
      this.values.set(key, value);
    }
    return { segment, bytes: Math.max(bytes, endBytes) };
  }

  private file(segment: number): string {
    return join(this.folder, `wal-${String(segment).padStart(6, '0')}`);
  }
}
