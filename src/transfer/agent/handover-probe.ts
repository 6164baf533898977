import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { type Hook, reachHook } from './hook';

/** Of the last ones the mean counts: a sync takes a few milliseconds, or tens of them behind what others write, and the median would never tell of those. */
const RECENT = 5;
const PAGE = Buffer.alloc(4_096);

export interface HandoverProbeOptions {
  /** What stops the service; it is reached and not called. */
  readonly hook: Hook | null;
  /** On the disk of the state, and not of it. */
  readonly folder: string;
  /** Takes as long as requests that are under way take to end. */
  readonly settle: () => Promise<void>;
}

/** Measures what a hand-over takes beside its last round, without doing any of it: letting requests end, reaching the quiesce hook, a sync as a service makes when it is stopped, and the peer's part. */
export class HandoverProbe {
  private readonly measuredMs: number[] = [];

  constructor(private readonly options: HandoverProbeOptions) {}

  /** Measures once more, and adds what the peer took for its part: to answer, and to warm its service up. A hook or a door that cannot be reached now is not counted. */
  async measure(peerMs: number): Promise<void> {
    const startMs = performance.now();
    const isReached = await this.stop().then(() => true, () => false);
    if (isReached) this.measuredMs.push(peerMs + performance.now() - startMs);
  }

  /** What a hand-over would take now; null where nothing was measured. */
  estimateMs(): number | null {
    const recent = this.measuredMs.slice(-RECENT);
    return recent.length === 0 ? null : recent.reduce((sum, ms) => sum + ms, 0) / recent.length;
  }

  private async stop(): Promise<void> {
    const { hook, folder, settle } = this.options;
    await settle();
    if (hook === null) return;
    await reachHook(hook);
    // Not emptied first: giving a block back and taking another is more than a log's sync has to do.
    const file = await open(join(folder, 'probe'), constants.O_RDWR | constants.O_CREAT, 0o600);
    try {
      await file.write(PAGE, 0, PAGE.length, 0);
      await file.datasync();
    } finally {
      await file.close();
    }
  }
}
