import { checkMoveRequest } from './queue-input';
import type { MoveRequest } from './move-request';
import type { QueuePolicy } from './queue-policy';
import { MOST_QUEUED } from './queue-state';
import type { QueueState } from './queue-state';

/** Answer to one request: nothing is dropped silently. */
export type EnqueueAnswer =
  | { readonly itemId: string; readonly kind: 'queued'; readonly position: number }
  /** The same id is known, or another request for the same instance stands in the queue or runs. */
  | { readonly itemId: string; readonly kind: 'duplicate'; readonly of: string }
  /** `full`: there is no room now; the request itself is right. */
  | { readonly itemId: string; readonly kind: 'refused'; readonly reason: string; readonly full?: true };

/** Longer reasons stand whole in the audit; the queue carries their beginning. */
const LONGEST_REASON = 300;

/** Takes requests in, in their order; answers each. A request that is malformed is refused alone, not with its batch. */
export function enqueue(state: QueueState, requests: readonly MoveRequest[], policy: QueuePolicy, nowMs: number): { readonly state: QueueState; readonly answers: readonly EnqueueAnswer[] } {
  const queued = [...state.queued];
  const byItem = new Map<string, string>();
  const byInstance = new Map<string, string>();
  const know = (itemId: string, instanceId: string): void => void (byItem.set(itemId, itemId), byInstance.set(instanceId, itemId));
  for (const { itemId } of state.ended) byItem.set(itemId, itemId);
  for (const { request } of [...queued, ...state.running]) know(request.itemId, request.instanceId);
  let { nextSequence } = state;
  const answers = requests.map((request): EnqueueAnswer => {
    const itemId = String((request as Partial<MoveRequest> | null)?.itemId ?? '').slice(0, 100);
    const refused = (reason: string): EnqueueAnswer => ({ itemId, kind: 'refused', reason });
    const problems = checkMoveRequest(request);
    if (problems.length > 0) return refused(problems.join('; '));
    const of = byItem.get(request.itemId) ?? byInstance.get(request.instanceId);
    if (of !== undefined) return { itemId, kind: 'duplicate', of };
    if (request.costUsd > policy.maxCostUsdPerDay) return refused(`it costs ${request.costUsd.toFixed(2)} USD; a whole day's budget is ${policy.maxCostUsdPerDay} USD`);
    if (queued.length >= MOST_QUEUED) return { itemId, kind: 'refused', reason: `the queue is full: ${MOST_QUEUED} requests wait`, full: true };
    know(request.itemId, request.instanceId);
    queued.push({ request: { ...request, reason: request.reason.slice(0, LONGEST_REASON) }, enqueuedAtMs: nowMs, sequence: nextSequence, weight: 1, heldTooLongTold: false, reservation: null });
    nextSequence += 1;
    return { itemId, kind: 'queued', position: queued.length };
  });
  return { state: { ...state, queued, nextSequence }, answers };
}
