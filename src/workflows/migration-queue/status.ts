import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import type { QueueStatus } from '../../contracts/migration-queue';
import { FLEET_ATTRIBUTE, PHASE_ATTRIBUTE } from '../../contracts/search-attributes';
import { activeFreeze } from '../../domain/queue/hold-reasons';
import { inPriorityOrder, priorityOf } from '../../domain/queue/priority';
import type { Queue } from './queue';

/** What an answer may hold: 64 KiB bound it. */
const MOST_SHOWN = 50;
const MOST_ENDED_SHOWN = 20;
const IN_DETAILS = 20;

export function statusOf(queue: Queue, limit = MOST_SHOWN): QueueStatus {
  const { state, policy, heldBecause, openIntervals, input } = queue;
  const nowMs = Date.now();
  const most = Math.max(0, Math.min(limit, MOST_SHOWN));
  return {
    fleet: input.fleet,
    policy,
    counts: { queued: state.queued.length, running: state.running.length, ended: state.ended.length },
    queued: inPriorityOrder(state.queued, policy, nowMs)
      .slice(0, most)
      .map((item) => ({
        request: item.request,
        enqueuedAtMs: item.enqueuedAtMs,
        weight: item.weight,
        reservation: item.reservation,
        priority: priorityOf(item, policy, nowMs),
        heldBecause: heldBecause.get(item.request.itemId) ?? null,
      })),
    running: state.running.slice(0, most),
    ended: state.ended.slice(-Math.min(most, MOST_ENDED_SHOWN)).toReversed(),
    paused: state.paused,
    breaker: state.breaker,
    failuresInARow: state.failuresInARow,
    freezes: state.freezes,
    openIntervals: openIntervals?.slice(0, 10) ?? null,
  };
}

/** Why nothing begins at all, in a word; `open` where nothing stands in the way. */
function gateOf({ state, policy }: Queue): string {
  if (state.breaker !== null) return 'breaker-open';
  if (state.paused !== null) return 'paused';
  return activeFreeze(state, policy, Date.now()) === null ? 'open' : 'frozen';
}

/** Shows the queue in the Temporal UI: its gate as an attribute to search by, and what runs, waits and ended. */
export class Display {
  private gate = '';

  show(queue: Queue): void {
    const gate = gateOf(queue);
    if (gate !== this.gate) upsertSearchAttributes([{ key: PHASE_ATTRIBUTE, value: gate }, { key: FLEET_ATTRIBUTE, value: queue.input.fleet }]);
    this.gate = gate;
    const { counts, running, queued, ended, paused, breaker } = statusOf(queue, IN_DETAILS);
    const lines = [
      `### ${queue.input.fleet}: ${gate}, ${counts.running} run, ${counts.queued} wait`,
      ...(breaker === null ? [] : [`**${breaker}**`]),
      ...(paused === null ? [] : [`**paused: ${paused.reason}**`]),
      '| instance | | |',
      '|---|---|---|',
      ...running.map(({ request, phase, pace, aborting }) => `| ${request.name} (${request.instanceId}) | **${phase ?? 'begins'}**${pace === 'normal' ? '' : `, ${pace}`} | ${aborting ?? request.reason} |`),
      ...queued.map(({ request, priority, heldBecause }) => `| ${request.name} (${request.instanceId}) | waits, ${priority.toPrecision(3)} | ${heldBecause ?? request.reason} |`),
      ...ended.map(({ instanceId, outcome, reason }) => `| ${instanceId} | ${outcome} | ${reason} |`),
    ];
    setCurrentDetails(lines.join('\n').slice(0, 19_000));
  }
}
