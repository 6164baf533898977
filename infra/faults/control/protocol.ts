/** What the fault worker and the matrix say to each other, over loopback. */

/** An attempt of an activity that begins, or whose effect is done. */
export interface Attempt {
  readonly workflowId: string;
  readonly runId: string;
  readonly activity: string;
  readonly activityId: string;
  readonly attempt: number;
  readonly isLocal: boolean;
  /** Longest time of an attempt; 0 where it has no bound. */
  readonly startToCloseMs: number;
  /** The process that carries it out. */
  readonly pid: number;
}

/** What happens to an attempt at that point. */
export type Directive =
  | { readonly kind: 'go' }
  | { readonly kind: 'fail'; readonly type: string; readonly message: string; readonly isRetryable: boolean }
  /** Stands still, deaf to cancellation, as a paused process does; then goes on. */
  | { readonly kind: 'stall'; readonly ms: number }
  /** Goes on, and the whole process is killed so much later. */
  | { readonly kind: 'dieSoon'; readonly ms: number }
  /** Every call to AWS of this attempt meets this. */
  | { readonly kind: 'wire'; readonly effect: WireEffect };

/** As the local cloud's gateway understands it in the header of a call. */
export type WireEffect =
  | { readonly kind: 'error'; readonly code: string; readonly status: number; readonly message: string }
  /** The call is carried out and its reply is lost; only of calls that change something. */
  | { readonly kind: 'dropAfter' }
  /** The call is answered as if it had been carried out, and is not; only of calls that change something. */
  | { readonly kind: 'swallow' };

export const GO: Directive = { kind: 'go' };

/** Field of a workflow's memo: how long its activities may take at most, all attempts together, in milliseconds. */
export const MOST_MS = 'faultsMostMs';
