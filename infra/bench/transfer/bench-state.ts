import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createRandomStream, type RandomStream } from '../../../src/domain/seeded-random';

const MIB = 1024 * 1024;
const PAGE_BYTES = 4_096;
const SMALL_FILES_PER_GIB = 10_000;
const DOCUMENTS_PER_GIB = 50;

/** A state as a database with its attachments has it: a table that compresses, a store that does not, documents, and many small files. */
export class BenchState {
  private readonly random: RandomStream;
  private readonly words: readonly string[];
  private readonly text: Buffer;
  private readonly noise: Buffer;
  private readonly small: { readonly path: string; readonly bytes: number }[] = [];
  private readonly documents: string[] = [];

  constructor(
    readonly root: string,
    private readonly mib: number,
    seed = 1,
  ) {
    this.random = createRandomStream(seed);
    this.words = Array.from({ length: 5_000 }, () => this.below(2 ** 28).toString(16));
    this.text = this.madeText(24 * MIB);
    this.noise = this.madeNoise(16 * MIB);
  }

  /** Writes the whole state. */
  fill(): void {
    const gib = this.mib / 1024;
    mkdirSync(join(this.root, 'db'), { recursive: true });
    this.fillLarge('db/table', this.text, Math.round(this.mib * 0.45));
    this.fillLarge('db/store', this.noise, Math.round(this.mib * 0.4));
    for (let i = 0; i < DOCUMENTS_PER_GIB * gib; i++) this.document(i);
    for (let i = 0; i < SMALL_FILES_PER_GIB * gib; i++) this.smallFile(i);
  }

  /** Changes that ratio of it, scattered: pages of the large files in place, small files anew, a line put into documents. Returns the bytes that became different. */
  change(ratio: number): number {
    let changed = 0;
    for (const [file, source, share] of [['db/table', this.text, 0.45], ['db/store', this.noise, 0.4]] as const) {
      const fd = openSync(join(this.root, file), 'r+');
      const pages = Math.round(this.mib * share) * (MIB / PAGE_BYTES);
      for (let i = 0; i < pages * ratio; i++) changed += writeSync(fd, this.piece(source, PAGE_BYTES), 0, PAGE_BYTES, this.below(pages) * PAGE_BYTES);
      closeSync(fd);
    }
    for (const { path, bytes } of this.some(this.small, ratio)) {
      writeFileSync(path, this.piece(this.text, bytes));
      changed += bytes;
    }
    for (const path of this.some(this.documents, ratio)) {
      const before = readFileSync(path);
      const at = this.below(before.length);
      writeFileSync(path, Buffer.concat([before.subarray(0, at), Buffer.from('a line that was put in\n'), before.subarray(at)]));
      changed += 23;
    }
    return changed;
  }

  private fillLarge(file: string, source: Buffer, mib: number): void {
    const fd = openSync(join(this.root, file), 'w');
    // Made anew for each piece: what is repeated would compress by how far a peer looks back.
    for (let i = 0; i < mib; i++) writeSync(fd, source === this.noise ? this.madeNoise(MIB) : this.madeText(MIB));
    closeSync(fd);
  }

  private document(i: number): void {
    mkdirSync(join(this.root, 'documents'), { recursive: true });
    const path = join(this.root, 'documents', `${i}.json`);
    writeFileSync(path, this.piece(this.text, MIB));
    this.documents.push(path);
  }

  private smallFile(i: number): void {
    const folder = join(this.root, 'small', String(Math.floor(i / 200)));
    if (i % 200 === 0) mkdirSync(folder, { recursive: true });
    const path = join(folder, String(i));
    const bytes = 200 + this.below(16_000);
    writeFileSync(path, this.piece(this.text, bytes));
    this.small.push({ path, bytes });
  }

  private some<T>(of: readonly T[], ratio: number): T[] {
    return Array.from({ length: Math.ceil(of.length * ratio) }, () => of[this.below(of.length)] as T);
  }

  private piece(of: Buffer, bytes: number): Buffer {
    const from = this.below(of.length - bytes);
    return of.subarray(from, from + bytes);
  }

  private below(bound: number): number {
    return Math.floor(this.random() * bound);
  }

  private madeText(bytes: number): Buffer {
    const word = (skew: number): string => this.words[Math.floor(this.random() ** skew * this.words.length)] as string;
    const lines: string[] = [];
    for (let length = 0; length < bytes; ) {
      const line = `2026-11-${10 + this.below(20)} ${word(3)} ${word(2)} status=200 ms=${this.below(300)}\n`;
      lines.push(line);
      length += line.length;
    }
    return Buffer.from(lines.join('')).subarray(0, bytes);
  }

  private madeNoise(bytes: number): Buffer {
    const noise = Buffer.allocUnsafe(bytes);
    for (let at = 0; at < bytes; at += 4) noise.writeUInt32LE(Math.floor(this.random() * 2 ** 32), at);
    return noise;
  }
}
