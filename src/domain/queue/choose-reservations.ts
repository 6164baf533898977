import { isOwnedCapacity } from '../owned-capacity';
import { holdOfAll } from './hold-reasons';
import type { Interval } from './interval';
import { inPriorityOrder } from './priority';
import type { QueuePolicy } from './queue-policy';
import type { QueueState, QueuedItem } from './queue-state';

/** Capacity to ask for before its move begins. */
export interface AheadRequest {
  readonly itemId: string;
  readonly zone: string;
  readonly shape: string;
}

/**
 * Requests whose time is near and whose place and shape are known: capacity is asked for now, so that the move does not
 * find out at its start that there is none. No more than may run at once; none where none may begin. And items that hold capacity and could
 * not begin in time: it is given back, since it costs money.
 */
export function chooseReservations(state: QueueState, policy: QueuePolicy, openIntervals: readonly Interval[] | null, nowMs: number): { readonly reserve: readonly AheadRequest[]; readonly release: readonly string[] } {
  const holders = state.queued.filter(({ reservation }) => reservation !== null && reservation !== 'none');
  const release = holders.filter(({ request }) => nowMs >= request.notBeforeMs + policy.reserveAheadMs).map(({ request }) => request.itemId);
  if (policy.reserveAheadMs === 0) return { reserve: [], release };
  const room = policy.maxConcurrent.fleet - state.running.length - holders.length;
  const near = state.queued.filter((item) => {
    const { notBeforeMs } = item.request;
    // At the start itself the migration reserves as its first act.
    return item.reservation === null && notBeforeMs > nowMs && notBeforeMs - nowMs <= policy.reserveAheadMs && placeOf(item) !== null && holdOfAll(state, policy, openIntervals, notBeforeMs) === null;
  });
  const chosen = inPriorityOrder(near, policy, nowMs).slice(0, Math.max(0, room));
  return { reserve: chosen.flatMap((item) => placeOf(item) ?? []), release };
}

function placeOf({ request }: QueuedItem): AheadRequest | null {
  // A host or a reservation is there already.
  if (request.targetPool !== null && isOwnedCapacity(request.targetPool)) return null;
  const zone = request.zones[0] ?? request.targetPool;
  const shape = request.shapes[0];
  return zone === null || zone === undefined || shape === undefined ? null : { itemId: request.itemId, zone, shape };
}
