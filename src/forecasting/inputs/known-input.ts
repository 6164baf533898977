/** A time in which something is known to happen. Windows of one name are taken to have one effect; those of the future may lie in the horizon. */
export interface ScheduledEvent {
  readonly name: string;
  readonly kind: EventKind;
  readonly startAtMs: number;
  /** Exclusive. */
  readonly endAtMs: number;
}

export const EVENT_KINDS = ['maintenance', 'scheduledJob', 'campaign', 'holiday'] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/**
 * Another series on the same grid that may explain the load and is known further than it: planned requests, booked users, an external forecast. Where it ends
 * within the horizon it goes on by its time-of-day mean; one that ends with the load is left out.
 */
export interface Regressor {
  readonly name: string;
  /** On the grid of the load; may lie before or after its start. */
  readonly startAtMs: number;
  /** One for each step, null for a gap. */
  readonly values: readonly (number | null)[];
}

/** What is known beside a load. */
export interface KnownInputs {
  readonly events?: readonly ScheduledEvent[];
  readonly regressors?: readonly Regressor[];
}
