import { workflowInfo } from '@temporalio/workflow';
import type { MigrationQueueInput } from '../../contracts/migration-queue';
import type { Adjustment } from '../../domain/queue/adjust-moves';
import type { Interval } from '../../domain/queue/interval';
import { endMove, endUnbegun } from '../../domain/queue/move-events';
import type { MoveEnd } from '../../domain/queue/move-events';
import { DEFAULT_QUEUE_POLICY } from '../../domain/queue/queue-policy';
import type { QueuePolicy } from '../../domain/queue/queue-policy';
import type { QueueState } from '../../domain/queue/queue-state';
import { Journal } from './journal';

/** One run's hold on the queue: its state, and what is still to be done about it. Changed by messages and by turns, each in one step. */
export class Queue {
  readonly journal = new Journal();
  policy: QueuePolicy;
  openIntervals: readonly Interval[] | null = null;
  /** Until when the windows are resolved; they must be anew where the policy changed. */
  windowsUntilMs = -Infinity;
  /** Why each queued item did not begin in the last turn. */
  heldBecause: ReadonlyMap<string, string> = new Map();
  /** What running moves are to be told. */
  readonly adjustments: Adjustment[] = [];
  /** Items whose capacity, asked for ahead of time, is to be given back. */
  readonly releases: string[] = [];
  private changes = 0;
  private seenChanges = 0;

  constructor(
    readonly input: MigrationQueueInput,
    public state: QueueState,
  ) {
    this.policy = { ...DEFAULT_QUEUE_POLICY, ...input.policy };
  }

  get id(): string {
    return workflowInfo().workflowId;
  }

  /** Something happened that the next turn must look at. */
  touch(): void {
    this.changes += 1;
  }

  beginTurn(): void {
    this.seenChanges = this.changes;
  }

  get isTouched(): boolean {
    return this.changes !== this.seenChanges;
  }

  /** Everything that is known is in the state, and everything that was told is written. */
  get isIdle(): boolean {
    return this.journal.isWritten && this.adjustments.length === 0 && this.releases.length === 0;
  }

  /** Ends a running move, once, whoever tells of it first. */
  endMove(itemId: string, end: MoveEnd): void {
    const move = this.state.running.find(({ request }) => request.itemId === itemId);
    if (move === undefined) return;
    const breakerBefore = this.state.breaker;
    this.state = endMove(this.state, itemId, end, this.policy, Date.now());
    if (move.reservation !== null) this.releases.push(itemId);
    const ended = this.state.ended.at(-1);
    this.journal.tell({ kind: 'outcome', summary: `${itemId} ended: ${ended?.outcome ?? end.outcome}`, reason: end.reason === '' ? null : end.reason, instanceId: move.request.instanceId, detail: ended });
    if (this.state.breaker !== breakerBefore) this.journal.tell({ kind: 'refusal', summary: 'the breaker opens: no further move begins until an operator resumes', reason: this.state.breaker });
    this.touch();
  }

  /** Ends a queued item that never began. */
  endUnbegun(itemId: string, outcome: 'stale' | 'expired' | 'cancelled', reason: string): void {
    const item = this.state.queued.find(({ request }) => request.itemId === itemId);
    if (item === undefined) return;
    this.state = endUnbegun(this.state, itemId, outcome, reason, Date.now());
    if (item.reservation !== null && item.reservation !== 'none') this.releases.push(itemId);
    const error = outcome === 'stale' ? 'StaleDecision' : outcome;
    this.journal.tell({ kind: 'refusal', summary: `${itemId} does not begin: ${error}`, reason, instanceId: item.request.instanceId, detail: item });
    this.touch();
  }
}
