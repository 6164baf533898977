import type { Client } from '@temporalio/client';
import { REAP_ORPHANS } from '../../../src/contracts/reap-orphans';
import type { ReapOrphansInput, ReapOrphansResult } from '../../../src/contracts/reap-orphans';
import { reaperWorkflowId } from '../../../src/contracts/workflow-ids';
import { patiently } from './patiently';

/** Longer than an attempt goes on whose workflow was terminated: what it still makes is a case's to find, not another's to stumble over. */
export const GRACE_MS = 8_000;

/** The region's one reaper, for all cases: who asks while it runs gets the next run. */
export class Reaper {
  private next: Promise<ReapOrphansResult> | null = null;
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly client: Client,
    private readonly taskQueue: string,
    private readonly region: string,
  ) {}

  /** What a run found and did that began after this was called. */
  run(): Promise<ReapOrphansResult> {
    this.next ??= this.after(this.last);
    return this.next;
  }

  private async after(last: Promise<unknown>): Promise<ReapOrphansResult> {
    await last.catch(() => undefined);
    const running = this.next;
    this.next = null;
    this.last = running ?? Promise.resolve();
    const input: ReapOrphansInput = { graceMs: GRACE_MS, mostActs: 500, recover: true, actor: 'the matrix' };
    return patiently(() => this.client.workflow.execute<(input: ReapOrphansInput) => Promise<ReapOrphansResult>>(REAP_ORPHANS, { taskQueue: this.taskQueue, workflowId: reaperWorkflowId(this.region), args: [input], workflowIdConflictPolicy: 'USE_EXISTING' }));
  }
}
