import type { Interval } from './interval';

/** A weekly window of wall-clock time in an IANA time zone, such as `Europe/Berlin`. It may pass midnight; DST is the zone's own. */
export interface WeeklyWindow {
  readonly timeZone: string;
  /** Days on which the window begins; 1 is Monday, 7 is Sunday. */
  readonly weekdays: readonly number[];
  /** `HH:MM`, inclusive and exclusive. Equal: the whole day. */
  readonly from: string;
  readonly to: string;
}

/** A time without any start, from a release calendar or an operator. */
export interface Freeze extends Interval {
  readonly reason: string;
}

/** What holds moves back. All limits hold at every instant, over moves that run and moves that begin. */
export interface QueuePolicy {
  readonly maxConcurrent: { readonly fleet: number; readonly pool: number; readonly service: number };
  readonly maxMovesPerHour: number;
  readonly maxCostUsdPerDay: number;
  /** Empty: any time. */
  readonly windows: readonly WeeklyWindow[];
  readonly freezes: readonly Freeze[];
  /** An instance, and its replacement, rests so long after a move. */
  readonly cooldownMs: number;
  /** No move back into the pool that it came from for so long. */
  readonly noReturnMs: number;
  /** So many moves in a row that failed stop all further ones until an operator resumes. */
  readonly breakerFailures: number;
  /** Healthy instances of a service that must be there beside the one that moves. */
  readonly minHealthyOthers: number;
  /** A request's priority doubles for each of these that it has waited. */
  readonly ageingMs: number;
  /** A request that could not begin for so long after its `notBeforeMs` ends, with the reason that held it. */
  readonly maxWaitMs: number;
  /** Held so long after its `notBeforeMs`, a request is told of in the audit, once. */
  readonly heldTooLongMs: number;
  /** Capacity is reserved so long before a request may begin; 0: only when it begins. It costs money from then on. */
  readonly reserveAheadMs: number;
}

export const DEFAULT_QUEUE_POLICY: QueuePolicy = {
  maxConcurrent: { fleet: 4, pool: 2, service: 1 },
  maxMovesPerHour: 10,
  maxCostUsdPerDay: 50,
  windows: [],
  freezes: [],
  cooldownMs: 2 * 3_600_000,
  noReturnMs: 24 * 3_600_000,
  breakerFailures: 3,
  minHealthyOthers: 1,
  ageingMs: 3_600_000,
  maxWaitMs: 24 * 3_600_000,
  heldTooLongMs: 30 * 60_000,
  reserveAheadMs: 10 * 60_000,
};
