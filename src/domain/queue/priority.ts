import type { SlaClass } from './move-request';
import type { QueuePolicy } from './queue-policy';
import type { QueuedItem } from './queue-state';

/** With so much time left before its deadline a request counts twice; with half of it three times. */
const URGENT_MS = 3_600_000;
const LEAST_LEFT_MS = 60_000;
/** More doublings than these tell nothing apart, and would end in infinity. */
const MOST_DOUBLINGS = 50;
const SLA_FACTOR: Readonly<Record<SlaClass, number>> = { relaxed: 2, standard: 1, critical: 0.5 };

/**
 * What a request is worth now, in overloaded minutes: impact, times how near its deadline is, doubled for each ageing time
 * that it has waited since it may begin, times SLA class and an operator's weight. The one minute more keeps a request without impact from
 * never getting its turn.
 */
export function priorityOf({ request, enqueuedAtMs, weight }: QueuedItem, policy: Pick<QueuePolicy, 'ageingMs'>, nowMs: number): number {
  const leftMs = request.deadlineAtMs === null ? Infinity : Math.max(request.deadlineAtMs - nowMs, LEAST_LEFT_MS);
  const urgency = 1 + URGENT_MS / leftMs;
  const waitedMs = Math.max(0, nowMs - Math.max(enqueuedAtMs, request.notBeforeMs));
  const ageing = 2 ** Math.min(waitedMs / policy.ageingMs, MOST_DOUBLINGS);
  return (request.impactMinutes + 1) * urgency * ageing * SLA_FACTOR[request.slaClass] * weight;
}

/** Highest priority first; among equals the one that came first. Always the same order. */
export function inPriorityOrder(items: readonly QueuedItem[], policy: Pick<QueuePolicy, 'ageingMs'>, nowMs: number): QueuedItem[] {
  const priorities = new Map(items.map((item) => [item.sequence, priorityOf(item, policy, nowMs)]));
  return items.toSorted((a, b) => (priorities.get(b.sequence) ?? 0) - (priorities.get(a.sequence) ?? 0) || a.sequence - b.sequence);
}
