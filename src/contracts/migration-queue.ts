import type { MoveOutlook } from '../domain/queue/adjust-moves';
import type { MoveFacts } from '../domain/queue/choose-starts';
import type { EnqueueAnswer } from '../domain/queue/enqueue';
import type { Interval } from '../domain/queue/interval';
import type { MoveEnd } from '../domain/queue/move-events';
import type { MoveRequest } from '../domain/queue/move-request';
import type { ItemSelector, Reprioritization } from '../domain/queue/operator-commands';
import type { QueuePolicy, WeeklyWindow } from '../domain/queue/queue-policy';
import type { EndedItem, QueueState, QueuedItem, RunningMove } from '../domain/queue/queue-state';

export type { EnqueueAnswer };

export const MIGRATION_QUEUE = 'migrationQueue';

/** Names of the queue's messages, for clients that do not share the workflow's code. */
export const QUEUE_MESSAGES = {
  enqueue: 'enqueue',
  cancel: 'cancel',
  reprioritize: 'reprioritize',
  pause: 'pause',
  resume: 'resume',
  freeze: 'freeze',
  unfreeze: 'unfreeze',
  configure: 'configure',
  /** Signals: what a control tick newly predicts, and what a migration says when it ends. */
  predict: 'predict',
  moveEnded: 'moveEnded',
  status: 'status',
  /** Query: ids of all instances that wait or move. */
  instances: 'instances',
} as const;

/** Input of the queue: what differs from the default policy. */
export interface MigrationQueueInput {
  readonly fleet: string;
  readonly policy?: Partial<QueuePolicy>;
  /** Goes on in a new run after so many events of history; default: 4,000, or when the server asks for it. */
  readonly continueAfterEvents?: number;
  /** How often what runs is looked at, and what is held by what was seen is looked at anew; default: a minute. */
  readonly lookEveryMs?: number;
}

export interface EnqueueArgs {
  readonly requests: readonly MoveRequest[];
}

interface Spoken {
  readonly by?: string;
}

/** Other limits: a queue policy's fields that change. */
export interface ConfigureArgs extends Partial<QueuePolicy>, Spoken {}

export interface CancelArgs extends ItemSelector, Spoken {
  readonly reason: string;
}

export interface ReprioritizeArgs extends Reprioritization, Spoken {
  readonly reason?: string;
}

export interface PauseArgs extends Spoken {
  readonly reason: string;
  /** Moves that run hold at their next safe point as well; `resume` lets them go on. */
  readonly holdRunning?: boolean;
}

export interface ResumeArgs extends Spoken {
  readonly reason?: string;
}

export interface FreezeArgs extends Spoken {
  /** Default: now. */
  readonly fromMs?: number;
  readonly untilMs: number;
  readonly reason: string;
}

export interface PredictArgs {
  readonly outlooks: readonly MoveOutlook[];
}

export interface MoveEndedArgs extends MoveEnd {
  readonly itemId: string;
}

/** An item that waits, as the status shows it: highest priority first. */
export interface QueuedStatus extends Pick<QueuedItem, 'enqueuedAtMs' | 'weight' | 'reservation'> {
  readonly request: MoveRequest;
  readonly priority: number;
  /** Why it does not begin now; null where it is about to. */
  readonly heldBecause: string | null;
}

export interface QueueStatusArgs {
  /** How many of each list; default 50, at most 100. The counts are of all. */
  readonly limit?: number;
}

/** Answer of the `status` query. */
export interface QueueStatus extends Pick<QueueState, 'paused' | 'breaker' | 'failuresInARow' | 'freezes'> {
  readonly fleet: string;
  readonly policy: QueuePolicy;
  readonly counts: { readonly queued: number; readonly running: number; readonly ended: number };
  readonly queued: readonly QueuedStatus[];
  readonly running: readonly RunningMove[];
  /** Last ended first. */
  readonly ended: readonly EndedItem[];
  /** The intervals in which moves may begin; null: any time. */
  readonly openIntervals: readonly Interval[] | null;
}

/** What somebody who looks sees of a migration that the queue began. */
export interface SeenMove {
  readonly itemId: string;
  /** Null while it runs. */
  readonly end: MoveEnd | null;
  readonly phase: string | null;
}

export interface Inspection {
  readonly instances: readonly (MoveFacts & { readonly instanceId: string })[];
  readonly isolatedPools: readonly string[];
}

/** What the queue reads and does. One object in, one object out. */
export interface QueueActivities {
  resolveWindows(args: { windows: readonly WeeklyWindow[]; fromMs: number; untilMs: number }): Promise<readonly Interval[]>;
  /** Looks at instances that are about to move: nothing here may be older than the call. */
  inspectMoves(args: { moves: readonly Pick<MoveRequest, 'instanceId' | 'service' | 'decisionId'>[] }): Promise<Inspection>;
  describeMoves(args: { moves: readonly { readonly itemId: string; readonly instanceId: string; readonly runId: string | null }[] }): Promise<readonly SeenMove[]>;
}

/** How workflows other than the queue speak to it: the queue is started where it is not there. */
export interface QueueClientActivities {
  enqueueMoves(args: { fleet: string; requests: readonly MoveRequest[] }): Promise<readonly EnqueueAnswer[]>;
  cancelMoves(args: { fleet: string } & CancelArgs): Promise<{ readonly itemIds: readonly string[] }>;
}
