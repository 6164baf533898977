import type { Chunking } from '../chunks/choose-chunking';
import { type ChunkTable, tableDigest } from '../chunks/chunk-table';
import { sha256Hex } from '../digest';
import type { Entry, FileEntry, ManifestRecord, Seen } from '../manifest/entry';
import type { ManifestUpdate } from '../manifest/manifest-update';
import type { StateFolder } from '../manifest/state-folder';
import { lookOf } from '../walk/look-of';
import { TEMPORARY_NAME } from '../walk/walk-tree';
import type { Act } from '../wire/acts';
import { WireError } from '../wire/wire-error';
import { BlockPatch } from './block-patch';
import { ContentAssembly } from './content-assembly';
import { dataBytes } from './data-bytes';
import { placeEntry, placeFile } from './place-entry';
import { kindOf, type Place, remove } from './places';
import { openTarget, type Target } from './target';

interface OpenFile {
  readonly path: string;
  readonly chunking: Exclude<Chunking, 'whole'>;
  readonly known: ManifestRecord | null;
  readonly content: BlockPatch | ContentAssembly;
}

/** One round as it arrives: acts are carried out in order, and the manifest is rewritten beside them. */
export class ReceivedRound {
  private readonly tree: Target;
  private readonly others: Target;
  private readonly update: ManifestUpdate;
  private open: OpenFile | null = null;

  constructor(
    root: string,
    private readonly state: StateFolder,
    private readonly number: number,
  ) {
    this.tree = openTarget(root);
    this.others = openTarget(root);
    this.update = state.begin();
  }

  /** Carries the acts out. Throws a WireError for what cannot be meant; then, what was done stands, and the round has to be broken off. */
  async apply(acts: readonly Act[], data: Buffer): Promise<void> {
    let taken = 0;
    for (const act of acts) {
      const bytes = dataBytes(act);
      if (taken + bytes > data.length) throw new WireError('a batch has less data than its acts name');
      await this.carryOut(act, data.subarray(taken, taken + bytes));
      taken += bytes;
    }
    if (taken !== data.length) throw new WireError('a batch has more data than its acts name');
  }

  /** Ends a round that arrived whole. Returns the digest of the state. */
  finish(): string {
    if (this.open !== null) throw new WireError('a file was not ended');
    this.closeTrees();
    return this.update.finish();
  }

  /** Ends a round that broke off: what is on disk is kept, and told as what it is. */
  breakOff(): void {
    if (this.open !== null) this.keepPart(this.open);
    this.open = null;
    this.closeTrees();
    this.update.finish();
    this.state.keepBroken();
  }

  private closeTrees(): void {
    this.tree.close();
    this.others.close();
  }

  private async carryOut(act: Act, data: Buffer): Promise<void> {
    if (this.open !== null && act.act !== 'blocks' && act.act !== 'zeros' && act.act !== 'chunks' && act.act !== 'close') throw new WireError('a file was not ended');
    // Everything else would make, remove or replace what stands there.
    if (this.tree.isDevice && !['open', 'blocks', 'zeros', 'close'].includes(act.act)) throw new WireError('a device is only written in place');
    switch (act.act) {
      case 'put':
        return this.put(act.entry, data);
      case 'set':
        return this.set(act.entry);
      case 'open':
        return this.begin(act.path, act.chunking, act.fresh);
      case 'blocks':
        return this.patch().blocksOf(act.runs, act.digest, data);
      case 'zeros':
        return this.patch().zeros(act.runs);
      case 'chunks':
        return this.assembly().append(act.parts, act.digest, data);
      case 'close':
        return this.end(act.entry);
      case 'delete':
        remove(this.tree.at(act.path));
        return this.leaveOut(act.path);
      case 'forget':
        return this.leaveOut(act.path);
    }
  }

  private put(entry: FileEntry, data: Buffer): void {
    if (sha256Hex(data) !== entry.content || entry.chunking !== 'whole') throw new WireError(`${JSON.stringify(entry.path)} was damaged on its way`);
    const known = this.update.passTo(entry.path);
    const at = this.tree.at(entry.path);
    this.record(entry, known, placeFile(at, this.tree.at(entry.path, TEMPORARY_NAME), known === null, entry, data));
  }

  private set(entry: Entry): void {
    const known = this.update.passTo(entry.path);
    if (entry.kind === 'file' && (known?.entry.kind !== 'file' || known.entry.content !== entry.content || known.entry.bytes !== entry.bytes)) throw new WireError(`${JSON.stringify(entry.path)} is not the file whose attributes were sent`);
    this.record(entry, known, placeEntry(this.tree.at(entry.path), entry, (path) => this.fileAt(path)));
  }

  private begin(path: string, chunking: Chunking, fresh: boolean): void {
    if (chunking === 'whole') throw new WireError('a whole file is not opened');
    const known = this.update.passTo(path);
    const table = fresh ? null : this.knownTable(path, chunking, known);
    const at = this.tree.at(path);
    if (this.tree.isDevice && typeof chunking !== 'number') throw new WireError('a device is written in blocks');
    if (kindOf(at) === 'folder') remove(at);
    this.state.setInFlux(typeof chunking === 'number' ? path : null);
    const content = chunking === 'content' ? new ContentAssembly(path, at, this.tree.at(path, TEMPORARY_NAME), table) : new BlockPatch(at, chunking, table, this.tree.isDevice);
    this.open = { path, chunking, known, content };
  }

  private end(entry: FileEntry): void {
    const { open } = this;
    if (open === null || open.path !== entry.path || open.chunking !== entry.chunking) throw new WireError('a file was ended that was not begun');
    const { table, stats } = open.content.finish(entry, tableDigest);
    if (tableDigest(table) !== entry.content) throw new WireError(`${JSON.stringify(entry.path)} is not what it should be`);
    this.open = null;
    open.content.close();
    this.state.tables.save(entry.path, table);
    this.record(entry, open.known, lookOf(stats));
    this.state.setInFlux(null);
  }

  private keepPart({ path, chunking, known, content }: OpenFile): void {
    const bytes = content instanceof BlockPatch ? content.bytes() : 0;
    content.close();
    if (content instanceof ContentAssembly) {
      if (known !== null) this.update.put(known);
    } else {
      const table = content.table();
      const attributes = { mode: 0o600, uid: 0, gid: 0, mtimeUs: 0 };
      this.update.put({ entry: { kind: 'file', path, attributes, bytes, chunking, content: this.state.tables.save(path, table) }, seen: null, round: this.number });
    }
    this.state.setInFlux(null);
  }

  private record(entry: Entry, known: ManifestRecord | null, seen: Seen | null): void {
    if (known !== null) this.outdate(known.entry, entry);
    if (known?.entry.kind === 'folder' && entry.kind !== 'folder') this.update.dropBelow(entry.path);
    this.update.put({ entry, seen, round: this.number });
  }

  private leaveOut(path: string): void {
    const known = this.update.passTo(path);
    if (known !== null) this.outdate(known.entry, null);
    this.update.dropBelow(path);
  }

  private outdate(before: Entry, now: Entry | null): void {
    if (before.kind !== 'file' || before.chunking === 'whole') return;
    if (now?.kind !== 'file' || now.content !== before.content) this.state.outdate(before.path, before.content);
  }

  private knownTable(path: string, chunking: Chunking, known: ManifestRecord | null): ChunkTable {
    const table = known?.entry.kind === 'file' && known.entry.chunking === chunking ? this.state.tables.load(path, known.entry.content) : null;
    if (table === null) throw new WireError(`nothing is known of ${JSON.stringify(path)} that could be changed`);
    return table;
  }

  // Resolved by itself: asking the other tree would close the way to the name that is being made.
  private fileAt(path: string): Place {
    const at = this.others.at(path);
    if (kindOf(at) !== 'file') throw new WireError(`${JSON.stringify(path)} is no file to be linked`);
    return at;
  }

  private patch(): BlockPatch {
    if (this.open?.content instanceof BlockPatch) return this.open.content;
    throw new WireError('no file is open that has blocks');
  }

  private assembly(): ContentAssembly {
    if (this.open?.content instanceof ContentAssembly) return this.open.content;
    throw new WireError('no file is open that is put together');
  }
}
