import type { FreshFacts, MoveFacts } from '../../../src/domain/queue/choose-starts';
import { enqueue } from '../../../src/domain/queue/enqueue';
import type { MoveRequest } from '../../../src/domain/queue/move-request';
import { DEFAULT_QUEUE_POLICY } from '../../../src/domain/queue/queue-policy';
import type { QueuePolicy } from '../../../src/domain/queue/queue-policy';
import { EMPTY_QUEUE } from '../../../src/domain/queue/queue-state';
import type { QueueState } from '../../../src/domain/queue/queue-state';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const NOW = Date.UTC(2026, 0, 20, 12);

export const idOf = (i: number): string => `i-${i.toString(16).padStart(17, '0')}`;

/** The i-th request, each of another instance and another service unless told otherwise. */
export function requestOf(i: number, change: Partial<MoveRequest> = {}): MoveRequest {
  return {
    itemId: `item-${i}`,
    instanceId: idOf(i),
    name: `web-${i}`,
    service: `service-${i}`,
    slaClass: 'standard',
    sourcePool: `zone-${i}`,
    targetPool: null,
    impactMinutes: 10,
    notBeforeMs: NOW,
    deadlineAtMs: null,
    costUsd: 0.1,
    reason: 'CPU passes its limit',
    requestedBy: 'foreshift:tick',
    decisionId: null,
    onlyIfContended: true,
    zones: [],
    shapes: [],
    ...change,
  };
}

export function policyOf(change: Partial<QueuePolicy> = {}): QueuePolicy {
  return { ...DEFAULT_QUEUE_POLICY, ...change };
}

export function queueOf(requests: readonly MoveRequest[], nowMs = NOW): QueueState {
  return enqueue(EMPTY_QUEUE, requests, policyOf(), nowMs).state;
}

export const HEALTHY: MoveFacts = { state: 'running', ownedBy: null, healthyOthers: 5 };

/** The same facts of every queued instance unless told otherwise. */
export function factsOf(state: QueueState, change: (instanceId: string) => Partial<MoveFacts> = () => ({}), isolatedPools: readonly string[] = []): FreshFacts {
  return { instances: new Map(state.queued.map(({ request }) => [request.instanceId, { ...HEALTHY, ...change(request.instanceId) }])), isolatedPools };
}
