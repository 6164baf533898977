import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bootId } from './boot-id';
import type { ManifestRecord } from './entry';
import { type ManifestLine, readManifest } from './manifest-file';
import { ManifestUpdate } from './manifest-update';
import { comparePaths } from './path-order';
import { TableStore } from './table-store';
import { writeWhole } from './write-whole';

/** What an agent remembers across rounds and restarts. */
export interface StateMark {
  /** Digest of the whole state as last committed; null before the first round, and after one that broke off. */
  readonly root: string | null;
  readonly round: number;
  /** Files changed later than shortly before this are read again, whatever they look like. */
  readonly committedAtMs: number;
  /** What was not synced to disk is not trusted after a restart of the machine. */
  readonly bootId: string;
}

/** Tables to be removed once the round is committed: until then a broken round may need them again. */
type Outdated = readonly (readonly [path: string, content: string])[];

/** The folder with an agent's manifest, tables and mark. */
export class StateFolder {
  readonly tables: TableStore;
  private outdated: [string, string][] = [];

  constructor(readonly folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.tables = new TableStore(join(folder, 'tables'));
    if (existsSync(this.nextFile)) this.fold(readManifest(this.nextFile));
  }

  /** The mark; a new one where there is none. */
  mark(): StateMark {
    const file = join(this.folder, 'state.json');
    if (!existsSync(file)) return { root: null, round: 0, committedAtMs: 0, bootId: bootId() };
    return JSON.parse(readFileSync(file, 'utf8')) as StateMark;
  }

  setMark(mark: StateMark): void {
    writeWhole(join(this.folder, 'state.json'), JSON.stringify(mark));
  }

  *records(): Generator<ManifestRecord, void, void> {
    for (const { record } of readManifest(this.manifestFile)) yield record;
  }

  /** Nothing is known. */
  isEmpty(): boolean {
    const records = this.records();
    const first = records.next();
    records.return();
    return first.done === true;
  }

  /** Begins to rewrite the manifest. */
  begin(): ManifestUpdate {
    this.outdated = [];
    return new ManifestUpdate(this.manifestFile, this.nextFile);
  }

  /** Tells that a path's table is not needed once the round is committed. */
  outdate(path: string, content: string): void {
    this.outdated.push([path, content]);
  }

  /** Makes the rewritten manifest the known one. */
  commit(mark: StateMark): void {
    renameSync(this.nextFile, this.manifestFile);
    this.setMark(mark);
    for (const [path, content] of this.outdated as Outdated) this.tables.remove(path, content);
    this.outdated = [];
  }

  /** Keeps what a round that broke off has learned, if it has not been kept yet; nothing of it counts as committed. */
  keepBroken(): void {
    if (!existsSync(this.nextFile)) return;
    renameSync(this.nextFile, this.manifestFile);
    this.setMark({ ...this.mark(), root: null, committedAtMs: Date.now() });
  }

  /** Replaces the manifest by these records. */
  replace(records: Iterable<ManifestRecord>, mark: StateMark): void {
    const update = new ManifestUpdate('/dev/null', this.nextFile);
    for (const record of records) update.put(record);
    update.finish();
    this.commit(mark);
  }

  /** The file that is being changed in place, of which no table tells the truth; null where there is none. */
  inFlux(): string | null {
    return existsSync(this.fluxFile) ? readFileSync(this.fluxFile, 'utf8') : null;
  }

  setInFlux(path: string | null): void {
    if (path === null) rmSync(this.fluxFile, { force: true });
    else writeWhole(this.fluxFile, path);
  }

  // A process that was killed left a manifest that ends somewhere: behind its end the former one still holds.
  private fold(written: Generator<ManifestLine, void, void>): void {
    const foldedFile = join(this.folder, 'manifest.folded');
    const update = new ManifestUpdate(this.manifestFile, foldedFile);
    for (const { record } of written) {
      for (let known = update.peek(); known !== null && comparePaths(known.entry.path, record.entry.path) <= 0; known = update.peek()) update.take();
      update.put(record);
    }
    update.finish();
    renameSync(foldedFile, this.manifestFile);
    rmSync(this.nextFile);
    this.setMark({ ...this.mark(), root: null, committedAtMs: Date.now() });
    this.tables.keepOnly(this.entries());
  }

  private *entries(): Generator<ManifestRecord['entry'], void, void> {
    for (const { entry } of this.records()) yield entry;
  }

  private get manifestFile(): string {
    return join(this.folder, 'manifest');
  }

  private get fluxFile(): string {
    return join(this.folder, 'in-flux');
  }

  private get nextFile(): string {
    return join(this.folder, 'manifest.next');
  }
}
