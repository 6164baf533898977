import { endUnbegun } from './move-events';
import type { Freeze } from './queue-policy';
import type { QueueState } from './queue-state';

/** Which queued items: one by its id, that of one instance, or all of one decision, such as a drain. */
export interface ItemSelector {
  readonly itemId?: string;
  readonly instanceId?: string;
  readonly decisionId?: string;
}

/** New values for queued items; what is left out stays. */
export interface Reprioritization extends ItemSelector {
  readonly impactMinutes?: number;
  readonly deadlineAtMs?: number | null;
  /** Multiplies the priority; 1 is usual. */
  readonly weight?: number;
}

/** Ids of the queued items that a selector names. */
export function selectQueued(state: QueueState, { itemId, instanceId, decisionId }: ItemSelector): string[] {
  const matches = state.queued.filter(
    ({ request }) => (itemId ?? request.itemId) === request.itemId && (instanceId ?? request.instanceId) === request.instanceId && (decisionId ?? request.decisionId) === request.decisionId,
  );
  return matches.map(({ request }) => request.itemId);
}

/** Ends queued items. Moves that run are aborted where they run, not here. */
export function cancelQueued(state: QueueState, selector: ItemSelector, reason: string, nowMs: number): { readonly state: QueueState; readonly itemIds: readonly string[] } {
  const itemIds = selectQueued(state, selector);
  return { state: itemIds.reduce((now, itemId) => endUnbegun(now, itemId, 'cancelled', reason, nowMs), state), itemIds };
}

export function reprioritize(state: QueueState, { impactMinutes, deadlineAtMs, weight, ...selector }: Reprioritization): { readonly state: QueueState; readonly itemIds: readonly string[] } {
  const itemIds = selectQueued(state, selector);
  const queued = state.queued.map((item) => {
    if (!itemIds.includes(item.request.itemId)) return item;
    const request = { ...item.request, impactMinutes: impactMinutes ?? item.request.impactMinutes, deadlineAtMs: deadlineAtMs === undefined ? item.request.deadlineAtMs : deadlineAtMs };
    return { ...item, request, weight: weight ?? item.weight };
  });
  return { state: { ...state, queued }, itemIds };
}

export function pause(state: QueueState, reason: string, holdRunning: boolean): QueueState {
  return { ...state, paused: { reason, holdRunning } };
}

/** Ends a pause and closes the breaker; freezes end by themselves or by `unfreeze`. */
export function resume(state: QueueState): QueueState {
  return { ...state, paused: null, breaker: null, failuresInARow: 0 };
}

export function freeze(state: QueueState, interval: Freeze): QueueState {
  return { ...state, freezes: [...state.freezes, interval].toSorted((a, b) => a.fromMs - b.fromMs) };
}

/** Lifts the freezes that operators set; those of the policy stay. */
export function unfreeze(state: QueueState): QueueState {
  return { ...state, freezes: [] };
}
