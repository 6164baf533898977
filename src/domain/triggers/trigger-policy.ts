/** What holds triggers back. */
export interface TriggerPolicy {
  /** A change that is told of so long after it happened begins something only where it is still so. */
  readonly lateAfterMs: number;
  /** A change may lie so far ahead of this machine's clock. */
  readonly aheadMs: number;
  /** More than `changes` into ALARM within `withinMs` are flapping: what they would begin waits until the alarm has stayed for `holdMs`. */
  readonly flapping: { readonly changes: number; readonly withinMs: number; readonly holdMs: number };
}

export const DEFAULT_TRIGGER_POLICY: TriggerPolicy = {
  lateAfterMs: 15 * 60_000,
  aheadMs: 5 * 60_000,
  flapping: { changes: 3, withinMs: 10 * 60_000, holdMs: 5 * 60_000 },
};
