import { adjustMoves, stepMsAt } from '../../../src/domain/queue/adjust-moves';
import type { MoveOutlook } from '../../../src/domain/queue/adjust-moves';
import { beginMove, noteMove } from '../../../src/domain/queue/move-events';
import { cancelQueued, reprioritize } from '../../../src/domain/queue/operator-commands';
import { inPriorityOrder, priorityOf } from '../../../src/domain/queue/priority';
import type { QueueState, RunningMove } from '../../../src/domain/queue/queue-state';
import { HOUR, MINUTE, NOW, idOf, policyOf, queueOf, requestOf } from './queue-fixtures';

const outlook = (change: Partial<MoveOutlook> = {}): MoveOutlook => ({ instanceId: idOf(1), contended: true, impactMinutes: 10, onsetAtMs: NOW + HOUR, serviceDisturbed: false, ...change });
const running = (change: Partial<RunningMove> = {}, request = requestOf(1, { deadlineAtMs: NOW + HOUR })): QueueState =>
  noteMove(beginMove(queueOf([request]), 'item-1', NOW), 'item-1', { phase: 'sync', ...change });
const kinds = (state: QueueState, one: MoveOutlook): string[] => adjustMoves(state, [one], NOW).adjustments.map((change) => (change.kind === 'pace' ? change.pace : change.kind));

describe('adjusting moves to new predictions', () => {
  it('aborts a move before its ramp where nothing threatens any more, and not one that moves traffic or was wanted anyway', () => {
    const calm = outlook({ contended: false, onsetAtMs: null });
    expect(kinds(running(), calm)).toEqual(['abort']);
    expect(kinds(running({ phase: null }), calm)).toEqual(['abort']);
    expect(kinds(running({ phase: 'ramp' }), calm)).toEqual([]);
    expect(kinds(running({ aborting: 'asked' }), calm)).toEqual([]);
    expect(kinds(running({ phase: 'rollback' }), calm)).toEqual([]);
    expect(kinds(running({}, requestOf(1, { onlyIfContended: false })), calm)).toEqual([]);
  });

  it('ramps slower while the service is disturbed, faster where the overload comes nearer, and as planned again after', () => {
    expect(kinds(running(), outlook({ serviceDisturbed: true }))).toEqual(['slow']);
    expect(kinds(running({ phase: 'ramp' }), outlook({ onsetAtMs: NOW + 40 * MINUTE }))).toEqual(['fast']);
    expect(kinds(running({ phase: 'ramp' }), outlook({ onsetAtMs: NOW + 50 * MINUTE }))).toEqual([]);
    expect(kinds(running({ phase: 'ramp', pace: 'slow' }), outlook())).toEqual(['normal']);
    expect(kinds(running({ phase: 'drain' }), outlook({ serviceDisturbed: true }))).toEqual([]);
    expect([stepMsAt('slow', 120_000), stepMsAt('fast', 120_000), stepMsAt('fast', 600)]).toEqual([240_000, 60_000, 500]);
  });

  it('gives a queued request its new impact and deadline, and ends one that is not needed any more', () => {
    const state = queueOf([requestOf(1), requestOf(2), requestOf(3, { onlyIfContended: false })]);
    const calm = { contended: false, onsetAtMs: null };
    const { state: next, ended } = adjustMoves(state, [outlook({ impactMinutes: 99 }), outlook({ instanceId: idOf(2), ...calm }), outlook({ instanceId: idOf(3), ...calm })], NOW);
    expect(next.queued.map(({ request }) => [request.itemId, request.impactMinutes, request.deadlineAtMs])).toEqual([['item-1', 99, NOW + HOUR], ['item-3', 10, null]]);
    expect(ended).toEqual([{ itemId: 'item-2', reason: `${idOf(2)} is no longer forecast to run out` }]);
    expect(next.ended).toMatchObject([{ itemId: 'item-2', outcome: 'stale', startedAtMs: null }]);
  });
});

describe('the order of a queue', () => {
  const order = (state: QueueState, nowMs = NOW): string[] => inPriorityOrder(state.queued, policyOf(), nowMs).map(({ request }) => request.itemId);

  it('goes by impact, deadline and SLA class, and by who came first among equals', () => {
    const state = queueOf([requestOf(1), requestOf(2, { slaClass: 'critical' }), requestOf(3, { slaClass: 'relaxed' }), requestOf(4, { deadlineAtMs: NOW + 30 * MINUTE }), requestOf(5, { impactMinutes: 500 }), requestOf(6)]);
    expect(order(state)).toEqual(['item-5', 'item-4', 'item-3', 'item-1', 'item-6', 'item-2']);
  });

  it('lets what has waited long enough overtake anything, and tells of no infinity', () => {
    const old = queueOf([requestOf(1, { impactMinutes: 0 })], NOW);
    const state = { ...old, queued: [...old.queued, ...queueOf([requestOf(2, { impactMinutes: 1_000, notBeforeMs: NOW + 12 * HOUR })]).queued.map((item) => ({ ...item, sequence: 2, enqueuedAtMs: NOW + 12 * HOUR }))] };
    expect(order(state, NOW + 12 * HOUR)).toEqual(['item-1', 'item-2']);
    const [item] = old.queued;
    if (item === undefined) throw new Error('nothing is queued');
    expect(priorityOf(item, { ageingMs: 1_000 }, NOW + 1_000 * HOUR)).toBeLessThan(Infinity);
  });

  it('is what an operator makes of it: by item, by instance or by decision', () => {
    const state = queueOf([requestOf(1), requestOf(2, { decisionId: 'drain' }), requestOf(3, { decisionId: 'drain' })]);
    const changed = reprioritize(state, { decisionId: 'drain', weight: 2, deadlineAtMs: NOW + HOUR });
    expect([order(changed.state), changed.itemIds]).toEqual([['item-2', 'item-3', 'item-1'], ['item-2', 'item-3']]);
    expect(reprioritize(state, { instanceId: idOf(1), impactMinutes: 0 }).state.queued[0]?.request.impactMinutes).toBe(0);
    const { state: left, itemIds } = cancelQueued(state, { decisionId: 'drain' }, 'lifted', NOW);
    expect([itemIds, order(left), left.ended.map(({ outcome, reason }) => [outcome, reason])]).toEqual([['item-2', 'item-3'], ['item-1'], [['cancelled', 'lifted'], ['cancelled', 'lifted']]]);
  });
});
