import type { Interval } from './interval';
import { DAY_MS, HOUR_MS } from './move-ledger';
import type { QueuePolicy } from './queue-policy';
import type { QueueState } from './queue-state';

/** The earliest time after now at which another item may begin, or a queued one expire, without anything else happening; null where there is none. */
export function nextWakeMs(state: QueueState, policy: QueuePolicy, openIntervals: readonly Interval[] | null, nowMs: number): number | null {
  if (state.queued.length === 0) return null;
  let next = Infinity;
  const at = (ms: number): void => {
    if (ms > nowMs && ms < next) next = ms;
  };
  for (const { request, enqueuedAtMs } of state.queued) {
    at(request.notBeforeMs);
    at(request.notBeforeMs - policy.reserveAheadMs);
    at(Math.max(enqueuedAtMs, request.notBeforeMs) + policy.heldTooLongMs);
    at(Math.max(enqueuedAtMs, request.notBeforeMs) + policy.maxWaitMs);
  }
  for (const { fromMs, untilMs } of [...(openIntervals ?? []), ...state.freezes, ...policy.freezes]) {
    at(fromMs);
    at(untilMs);
  }
  for (const { startedAtMs } of state.running) {
    at(startedAtMs + HOUR_MS);
    at(startedAtMs + DAY_MS);
  }
  for (const { startedAtMs, endedAtMs } of state.ended) {
    if (startedAtMs === null) continue;
    at(startedAtMs + HOUR_MS);
    at(startedAtMs + DAY_MS);
    at(endedAtMs + policy.cooldownMs);
    at(endedAtMs + policy.noReturnMs);
  }
  return next === Infinity ? null : next;
}
