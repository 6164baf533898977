import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Selection } from '../../domain/transfer/selection';
import type { Entry, FileEntry, ManifestRecord } from '../manifest/entry';
import { entryText } from '../manifest/entry';
import type { ManifestUpdate } from '../manifest/manifest-update';
import { comparePaths } from '../manifest/path-order';
import type { StateFolder } from '../manifest/state-folder';
import { attributesOf, lookOf, RACY_MS } from '../walk/look-of';
import type { Found } from '../walk/found';
import { type OnSkipped, walkTree } from '../walk/walk-tree';
import type { BatchWriter } from './batch-writer';
import { sendFile } from './send-file';

export interface RoundInput {
  readonly root: string;
  readonly state: StateFolder;
  readonly batches: BatchWriter;
  readonly select: Selection;
  readonly onSkipped: OnSkipped;
  /** Reads every file, also those that look as they did. */
  readonly paranoid: boolean;
}

/** What a pass over the state came to, so far or at its end. */
export interface RoundCounts {
  entries: number;
  files: number;
  changedEntries: number;
  /** Bytes of files that were read: those that may have changed. */
  readBytes: number;
}

/** Entries between two breaths for the rest of the process. */
const BREATH = 256;

/**
 * One pass over a tree: every entry that is not what the peer has is sent, what is gone is deleted. The manifest is rewritten on the way; returns the
 * digest of the whole state. `counts` is kept up to date meanwhile. Throws where the connection is lost, with the manifest in order.
 */
export async function sendRound(input: RoundInput, counts: RoundCounts): Promise<string> {
  const round = new Round(input, counts);
  try {
    let sinceBreath = 0;
    for (const found of walkTree(input.root, input.select, input.onSkipped)) {
      await round.visit(found);
      if (++sinceBreath % BREATH === 0) await nextTurn();
    }
    return await round.finish();
  } catch (error) {
    round.breakOff();
    throw error;
  }
}

class Round {
  private readonly update: ManifestUpdate;
  private readonly number: number;
  private readonly trustedUntilMs: number;
  private readonly firstPathOf = new Map<string, { readonly path: string; readonly changed: boolean }>();

  constructor(
    private readonly input: RoundInput,
    private readonly counts: RoundCounts,
  ) {
    const mark = input.state.mark();
    this.number = mark.round + 1;
    this.trustedUntilMs = mark.committedAtMs - RACY_MS;
    this.update = input.state.begin();
  }

  async visit(found: Found): Promise<void> {
    await this.leaveOutBefore(found.path);
    const known = this.update.peek()?.entry.path === found.path ? this.update.take() : null;
    this.counts.entries += 1;
    if (known !== null && known.entry.kind !== found.kind && !(known.entry.kind === 'link' && found.kind === 'file')) {
      await this.drop(known.entry);
      await this.send(found, null);
    } else await this.send(found, known);
  }

  async finish(): Promise<string> {
    await this.leaveOutBefore(null);
    return this.update.finish();
  }

  /** What was found out so far is kept beside what was known of the rest. */
  breakOff(): void {
    this.update.finish();
    this.input.state.keepBroken();
  }

  private async send(found: Found, known: ManifestRecord | null): Promise<void> {
    if (found.kind !== 'file') return this.set(plainEntry(found), known);
    const inode = found.stats.nlink > 1 ? `${found.stats.dev}:${found.stats.ino}` : null;
    const first = inode === null ? undefined : this.firstPathOf.get(inode);
    if (first !== undefined) return this.set({ kind: 'link', path: found.path, to: first.path }, first.changed ? null : known);
    const changed = await this.sendFile(found, known);
    if (inode !== null) this.firstPathOf.set(inode, { path: found.path, changed });
  }

  private async set(entry: Entry, known: ManifestRecord | null): Promise<void> {
    const same = known !== null && entryText(known.entry) === entryText(entry);
    if (!same) {
      await this.room();
      this.input.batches.add({ act: 'set', entry });
      this.counts.changedEntries += 1;
    }
    this.update.put({ entry, seen: null, round: this.number });
  }

  private async sendFile(found: Found, known: ManifestRecord | null): Promise<boolean> {
    this.counts.files += 1;
    const seen = lookOf(found.stats);
    if (!this.input.paranoid && known !== null && known.seen?.look === seen.look && known.seen.ctimeMs < this.trustedUntilMs) {
      this.update.put(known);
      return false;
    }
    const startedAtMs = Date.now();
    const file = { path: found.path, at: found.at, attributes: attributesOf(found.stats), bytes: found.stats.size, isDevice: found.isDevice };
    const knownFile = known?.entry.kind === 'file' ? known : null;
    await this.room();
    const { entry, readBytes, changed } = await sendFile(file, knownFile, this.input.state.tables, this.input.batches);
    this.counts.readBytes += readBytes;
    if (entry === null) {
      if (known !== null) await this.drop(known.entry);
      return true;
    }
    if (changed) this.counts.changedEntries += 1;
    this.outdate(knownFile?.entry as FileEntry | undefined, entry);
    this.update.put({ entry, seen: seen.ctimeMs < startedAtMs - RACY_MS ? seen : null, round: this.number });
    return changed;
  }

  private outdate(before: FileEntry | undefined, now: FileEntry): void {
    if (before !== undefined && before.chunking !== 'whole' && before.content !== now.content) this.input.state.outdate(before.path, before.content);
  }

  private async leaveOutBefore(path: string | null): Promise<void> {
    for (let known = this.update.peek(); known !== null && (path === null || comparePaths(known.entry.path, path) < 0); known = this.update.peek()) {
      this.update.take();
      await this.drop(known.entry);
    }
  }

  private async drop(entry: Entry): Promise<void> {
    await this.room();
    const skipped = this.input.select(entry.path, entry.kind === 'folder') !== null;
    this.input.batches.add({ act: skipped ? 'forget' : 'delete', path: entry.path });
    this.counts.changedEntries += 1;
    if (entry.kind === 'file' && entry.chunking !== 'whole') this.input.state.outdate(entry.path, entry.content);
    if (entry.kind === 'folder') this.update.dropBelow(entry.path);
  }

  private async room(): Promise<void> {
    if (!this.input.batches.hasRoom(0)) await this.input.batches.flush();
  }
}

function plainEntry(found: Found): Entry {
  const { path, stats, target } = found;
  const attributes = { ...attributesOf(stats), mtimeUs: 0 };
  return target === null ? { kind: 'folder', path, attributes } : { kind: 'symlink', path, attributes: { ...attributes, mode: 0o777 }, target };
}
