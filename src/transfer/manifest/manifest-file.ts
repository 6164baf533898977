import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { sha256Hex } from '../digest';
import { entryDigest, type ManifestRecord } from './entry';

const BUFFER_BYTES = 256 * 1024;
const CHECK_LENGTH = 16;
const DIGEST_LENGTH = 64;

/** A record as it stands in a manifest. */
export interface ManifestLine {
  readonly record: ManifestRecord;
  /** Of its entry, in hex. */
  readonly digest: string;
  readonly text: string;
}

/** The line of a record: the digest of its entry and its JSON, behind the first bytes of the SHA-256 of both. */
export function lineOf(record: ManifestRecord): ManifestLine {
  const digest = entryDigest(record.entry);
  const told = `${digest} ${JSON.stringify(record)}`;
  return { record, digest, text: `${sha256Hex(told).slice(0, CHECK_LENGTH)} ${told}` };
}

/** Writes lines in the order of their paths. */
export class ManifestWriter {
  private readonly fd: number;
  private lines: string[] = [];
  private held = 0;

  constructor(path: string) {
    this.fd = openSync(path, 'w', 0o600);
  }

  /** Adds the line of the next path. */
  add({ text }: ManifestLine): void {
    this.lines.push(text);
    this.held += text.length;
    if (this.held > BUFFER_BYTES) this.flush();
  }

  /** Hands what is held to the kernel. */
  flush(): void {
    if (this.lines.length > 0) writeSync(this.fd, `${this.lines.join('\n')}\n`);
    this.lines = [];
    this.held = 0;
  }

  close(): void {
    this.flush();
    closeSync(this.fd);
  }
}

/** The lines of a manifest in order. Ends at the first one that is torn or damaged: what follows is not known. A file that is not there is empty. */
export function* readManifest(path: string): Generator<ManifestLine, void, void> {
  const fd = openIfThere(path);
  if (fd === null) return;
  try {
    const buffer = Buffer.allocUnsafe(BUFFER_BYTES);
    let rest: Buffer = Buffer.alloc(0);
    for (let read = readSync(fd, buffer); read > 0; read = readSync(fd, buffer)) {
      const data = Buffer.concat([rest, buffer.subarray(0, read)]);
      let start = 0;
      for (let end = data.indexOf(10, start); end >= 0; end = data.indexOf(10, start)) {
        const line = parseLine(data.subarray(start, end));
        if (line === null) return;
        yield line;
        start = end + 1;
      }
      rest = data.subarray(start);
    }
  } finally {
    closeSync(fd);
  }
}

function parseLine(bytes: Buffer): ManifestLine | null {
  const text = bytes.toString();
  if (sha256Hex(bytes.subarray(CHECK_LENGTH + 1)).slice(0, CHECK_LENGTH) !== text.slice(0, CHECK_LENGTH)) return null;
  const at = CHECK_LENGTH + 1;
  return { record: JSON.parse(text.slice(at + DIGEST_LENGTH + 1)) as ManifestRecord, digest: text.slice(at, at + DIGEST_LENGTH), text };
}

function openIfThere(path: string): number | null {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
