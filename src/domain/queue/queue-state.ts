import type { MoveRequest } from './move-request';
import type { Freeze } from './queue-policy';

export interface QueuedItem {
  readonly request: MoveRequest;
  readonly enqueuedAtMs: number;
  /** Rises by one with each item: the order among equals. */
  readonly sequence: number;
  /** Multiplies the priority; 1 unless an operator said otherwise. */
  readonly weight: number;
  readonly heldTooLongTold: boolean;
  /** Capacity held for it ahead of time; `none` where there was no room. */
  readonly reservation: AheadReservation | 'none' | null;
}

export interface AheadReservation {
  readonly reservationId: string;
  readonly zone: string;
  readonly shape: string;
}

/** How fast a running move's ramp goes, against what its policy says. */
export type RampPace = 'slow' | 'normal' | 'fast';

export interface RunningMove {
  readonly request: MoveRequest;
  readonly startedAtMs: number;
  /** Null until the migration is known to have begun. */
  readonly runId: string | null;
  /** The migration's phase as it was last seen. */
  readonly phase: string | null;
  readonly pace: RampPace;
  /** Why the queue told it to go back; null where it did not. */
  readonly aborting: string | null;
  /** The queue told it to hold at its next safe point. */
  readonly held: boolean;
  /** Capacity that was asked for ahead of it; the migration takes it over, and what it leaves is given back at its end. */
  readonly reservation: AheadReservation | null;
}

/**
 * How an item ended. `moved`, `failed` and `aborted` began; `refused` began and changed nothing; `stale`, `cancelled` and
 * `expired` never began.
 */
export type ItemOutcome = 'moved' | 'failed' | 'aborted' | 'refused' | 'stale' | 'cancelled' | 'expired';

/** What the limits, and duplicates that come late, need of an item that ended. */
export interface EndedItem {
  readonly itemId: string;
  readonly instanceId: string;
  readonly replacementId: string | null;
  readonly fromPool: string;
  readonly toPool: string | null;
  /** Null where it never began. */
  readonly startedAtMs: number | null;
  readonly endedAtMs: number;
  readonly costUsd: number;
  readonly outcome: ItemOutcome;
  readonly reason: string;
}

/** Everything that the queue remembers; plain JSON. `ended` is in order of its ends. */
export interface QueueState {
  readonly queued: readonly QueuedItem[];
  readonly running: readonly RunningMove[];
  readonly ended: readonly EndedItem[];
  readonly nextSequence: number;
  readonly failuresInARow: number;
  /** The sentence of what opened the breaker; null while it is closed. */
  readonly breaker: string | null;
  readonly paused: Pause | null;
  /** Freezes that operators set, beside the policy's. */
  readonly freezes: readonly Freeze[];
}

export interface Pause {
  readonly reason: string;
  /** Moves that run hold at their next safe point as well. */
  readonly holdRunning: boolean;
}

export const EMPTY_QUEUE: QueueState = { queued: [], running: [], ended: [], nextSequence: 1, failuresInARow: 0, breaker: null, paused: null, freezes: [] };

/** More than these are refused at the door: what a queue cannot carry over into its next run it would lose. */
export const MOST_QUEUED = 1_000;
/** No move begins while so many that began are remembered: forgetting one would forget its cooldown. */
export const MOST_REMEMBERED = 1_000;
/** Of items that never began so many are remembered, to know a late duplicate. */
export const MOST_UNBEGUN = 500;
