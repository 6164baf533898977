import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { median } from '../../domain/transfer/median';
import { type Hook, reachHook } from './hook';

/** Of the last ones the median counts: a disk or a machine that was busy for a moment is not what a pause will meet. */
const RECENT = 5;
const PAGE = Buffer.alloc(4_096);

/** Measures what a hand-over takes beside its last round, without doing any of it: reaching the quiesce hook, a sync as a service makes when it is stopped, and an answer of the peer. */
export class HandoverProbe {
  private readonly measuredMs: number[] = [];

  constructor(
    private readonly hook: Hook | null,
    private readonly folder: string,
  ) {}

  /** Measures once more, and adds what the peer took to answer. A hook that cannot be reached now is not counted. */
  async measure(answerMs: number): Promise<void> {
    const startMs = performance.now();
    const isReached = this.hook === null || (await this.stop(this.hook).then(() => true, () => false));
    if (isReached) this.measuredMs.push(answerMs + performance.now() - startMs);
  }

  /** What a hand-over would take now; null where nothing was measured. */
  estimateMs(): number | null {
    return this.measuredMs.length === 0 ? null : median(this.measuredMs.slice(-RECENT));
  }

  private async stop(hook: Hook): Promise<void> {
    await reachHook(hook);
    const file = await open(join(this.folder, 'probe'), 'w', 0o600);
    try {
      await file.write(PAGE);
      await file.datasync();
    } finally {
      await file.close();
    }
  }
}
