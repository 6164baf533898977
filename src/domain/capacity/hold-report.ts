/** What holding capacity cost and what it was good for. USD; a reservation costs as much as the instance it waits for. */
export interface HoldReport {
  /** Paid for capacity while nothing ran in it. */
  readonly holdUsd: number;
  /** The part of it that was paid because the best shape was not to be had. */
  readonly premiumUsd: number;
  readonly handedOver: number;
  /** Hand-overs at which the place had no room for one more: without the hold they would have been refused. */
  readonly refusalsAvoided: number;
}

/** One reservation's time. `untilMs` null: it is still held. */
export interface HeldSpan {
  readonly usdPerHour: number;
  readonly bestUsdPerHour: number;
  readonly sinceMs: number;
  readonly untilMs: number | null;
}

const HOUR_MS = 3_600_000;

/** Adds up a hold at a time. */
export function reportHold(spans: readonly HeldSpan[], handOvers: readonly { readonly wouldHaveFailed: boolean | null }[], nowMs: number): HoldReport {
  const paid = (priceOf: (span: HeldSpan) => number): number => spans.reduce((sum, span) => sum + (priceOf(span) * Math.max(0, (span.untilMs ?? nowMs) - span.sinceMs)) / HOUR_MS, 0);
  return {
    holdUsd: paid(({ usdPerHour }) => usdPerHour),
    premiumUsd: paid(({ usdPerHour, bestUsdPerHour }) => Math.max(0, usdPerHour - bestUsdPerHour)),
    handedOver: handOvers.length,
    refusalsAvoided: handOvers.filter(({ wouldHaveFailed }) => wouldHaveFailed === true).length,
  };
}
