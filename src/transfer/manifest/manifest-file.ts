import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { sha256 } from '../digest';
import type { ManifestRecord } from './entry';

const BUFFER_BYTES = 256 * 1024;
const CHECK_LENGTH = 16;

/** Writes records in the order of their paths, one a line, each behind the first bytes of its own SHA-256. */
export class ManifestWriter {
  private readonly fd: number;
  private lines: string[] = [];
  private held = 0;

  constructor(path: string) {
    this.fd = openSync(path, 'w', 0o600);
  }

  /** Adds the record of the next path. */
  add(record: ManifestRecord): void {
    const json = JSON.stringify(record);
    this.lines.push(`${check(json)} ${json}\n`);
    this.held += json.length;
    if (this.held > BUFFER_BYTES) this.flush();
  }

  /** Hands what is held to the kernel. */
  flush(): void {
    if (this.lines.length > 0) writeSync(this.fd, this.lines.join(''));
    this.lines = [];
    this.held = 0;
  }

  close(): void {
    this.flush();
    closeSync(this.fd);
  }
}

/** The records of a manifest in order. Ends at the first line that is torn or damaged: what follows is not known. A file that is not there is empty. */
export function* readManifest(path: string): Generator<ManifestRecord, void, void> {
  const fd = openIfThere(path);
  if (fd === null) return;
  try {
    const buffer = Buffer.allocUnsafe(BUFFER_BYTES);
    let rest: Buffer = Buffer.alloc(0);
    for (let read = readSync(fd, buffer); read > 0; read = readSync(fd, buffer)) {
      const data = Buffer.concat([rest, buffer.subarray(0, read)]);
      let start = 0;
      for (let end = data.indexOf(10, start); end >= 0; end = data.indexOf(10, start)) {
        const record = parseLine(data.toString('utf8', start, end));
        if (record === null) return;
        yield record;
        start = end + 1;
      }
      rest = data.subarray(start);
    }
  } finally {
    closeSync(fd);
  }
}

function parseLine(line: string): ManifestRecord | null {
  const json = line.slice(CHECK_LENGTH + 1);
  return check(json) === line.slice(0, CHECK_LENGTH) ? (JSON.parse(json) as ManifestRecord) : null;
}

function check(json: string): string {
  return sha256(Buffer.from(json)).toString('hex', 0, CHECK_LENGTH / 2);
}

function openIfThere(path: string): number | null {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
