import { createHash } from 'node:crypto';
import type { ManifestRecord } from './entry';
import { lineOf, type ManifestLine, ManifestWriter, readManifest } from './manifest-file';
import { comparePaths } from './path-order';

/** A manifest being rewritten in the order of its paths: what was known is read beside what is written, so that neither has to fit in memory. */
export class ManifestUpdate {
  private readonly known: Generator<ManifestLine, void, void>;
  private readonly writer: ManifestWriter;
  private readonly hash = createHash('sha256');
  private ahead: ManifestLine | null;
  /** Taken out last: put back as it is, it need not be made anew. */
  private taken: ManifestLine | null = null;
  private last: string | null = null;
  /** Records written so far. */
  entries = 0;

  constructor(knownFile: string, nextFile: string) {
    this.known = readManifest(knownFile);
    this.writer = new ManifestWriter(nextFile);
    this.ahead = this.known.next().value ?? null;
  }

  /** The next record that was known and is neither taken over nor left out yet. */
  peek(): ManifestRecord | null {
    return this.ahead?.record ?? null;
  }

  /** Leaves the next known record out and returns it. */
  take(): ManifestRecord | null {
    this.taken = this.ahead;
    this.ahead = this.known.next().value ?? null;
    return this.taken?.record ?? null;
  }

  /** Writes the record of the next path. Throws where the path is not behind the last one. */
  put(record: ManifestRecord): void {
    const { path } = record.entry;
    if (this.last !== null && comparePaths(path, this.last) <= 0) throw new Error(`${JSON.stringify(path)} comes out of order, after ${JSON.stringify(this.last)}`);
    this.last = path;
    this.entries += 1;
    const line = this.taken?.record === record ? this.taken : lineOf(record);
    this.hash.update(line.digest, 'hex');
    this.writer.add(line);
  }

  /** Takes over what was known before the path, and returns the path's own record, left out; null where there was none. */
  passTo(path: string): ManifestRecord | null {
    while (this.ahead !== null && comparePaths(this.ahead.record.entry.path, path) < 0) this.put(this.take() as ManifestRecord);
    return this.ahead?.record.entry.path === path ? this.take() : null;
  }

  /** Leaves out what was known below a folder. */
  dropBelow(folder: string): void {
    while (this.ahead?.record.entry.path.startsWith(`${folder}/`) === true) this.take();
  }

  /** Takes over all the rest and closes the file. Returns the digest of the whole state, in hex. */
  finish(): string {
    while (this.ahead !== null) this.put(this.take() as ManifestRecord);
    this.writer.close();
    this.known.return();
    return this.hash.digest('hex');
  }
}
