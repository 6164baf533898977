import { chooseReservations } from '../../../src/domain/queue/choose-reservations';
import { chooseStarts } from '../../../src/domain/queue/choose-starts';
import type { StartChoice, StartContext } from '../../../src/domain/queue/choose-starts';
import { beginMove, endMove, endUnbegun, forgetEnded } from '../../../src/domain/queue/move-events';
import type { MoveEnd } from '../../../src/domain/queue/move-events';
import { freeze, pause, resume } from '../../../src/domain/queue/operator-commands';
import { enqueue } from '../../../src/domain/queue/enqueue';
import type { QueueState } from '../../../src/domain/queue/queue-state';
import { HOUR, MINUTE, NOW, factsOf, idOf, policyOf, queueOf, requestOf } from './queue-fixtures';

const choose = (state: QueueState, change: Partial<StartContext> = {}): StartChoice =>
  chooseStarts(state, { policy: policyOf(), openIntervals: null, facts: factsOf(state), nowMs: NOW, ...change });
const begun = (choice: StartChoice): string[] => choice.starts.map(({ itemId }) => itemId);
const holds = (choice: StartChoice): Record<string, string> => Object.fromEntries(choice.held.map(({ itemId, reason }) => [itemId, reason]));
const FAILED: MoveEnd = { outcome: 'failed', replacementId: null, toPool: null, reason: 'errors in the ramp' };
const MOVED = (replacementId: string, toPool: string): MoveEnd => ({ outcome: 'moved', replacementId, toPool, reason: '' });
/** The state after one move has begun and ended, at once. */
const after = (state: QueueState, itemId: string, end: MoveEnd, atMs = NOW): QueueState => endMove(beginMove(state, itemId, atMs), itemId, end, policyOf(), atMs);

describe('choosing what begins', () => {
  it('begins the highest priority first, and gives every other item the reason that holds it', () => {
    const state = queueOf([requestOf(1), requestOf(2, { impactMinutes: 100 }), requestOf(3, { notBeforeMs: NOW + HOUR }), requestOf(4, { impactMinutes: 50 })]);
    const choice = choose(state, { policy: policyOf({ maxConcurrent: { fleet: 2, pool: 2, service: 1 } }) });
    expect(begun(choice)).toEqual(['item-2', 'item-4']);
    expect(holds(choice)).toEqual({ 'item-1': '2 moves run, as many as the fleet may', 'item-3': 'planned for 2026-01-20T13:00:00.000Z' });
  });

  it('asks to look before it begins, and counts what it asks for as if it began', () => {
    const state = queueOf([requestOf(1), requestOf(2)]);
    const choice = choose(state, { policy: policyOf({ maxConcurrent: { fleet: 1, pool: 2, service: 1 } }), facts: { instances: new Map(), isolatedPools: [] } });
    expect([choice.inspect, begun(choice), choice.held.map(({ kind }) => kind)]).toEqual([['item-1'], [], ['fleet']]);
  });

  it('ends what is gone, stopped or the shadow of another migration', () => {
    const state = queueOf([requestOf(1), requestOf(2), requestOf(3)]);
    const facts = factsOf(state, (id) => (id === idOf(1) ? { state: 'gone' } : id === idOf(2) ? { ownedBy: 'migration/i-9' } : {}));
    const choice = choose(state, { facts });
    expect(choice.ends).toEqual([
      { itemId: 'item-1', outcome: 'stale', reason: `${idOf(1)} is gone; only a running instance can be moved` },
      { itemId: 'item-2', outcome: 'stale', reason: `${idOf(2)} is the shadow of migration/i-9` },
    ]);
    expect(begun(choice)).toEqual(['item-3']);
  });

  it('holds a service and a pool to their budgets, source and target alike', () => {
    const web = { service: 'web' };
    const state = queueOf([requestOf(1, web), requestOf(2, web), requestOf(3, { sourcePool: 'a', targetPool: 'b' }), requestOf(4, { sourcePool: 'b' }), requestOf(5, { sourcePool: 'c', targetPool: 'b' })]);
    const choice = choose(state, { policy: policyOf({ maxConcurrent: { fleet: 9, pool: 1, service: 1 } }) });
    expect(begun(choice)).toEqual(['item-1', 'item-3']);
    expect(choice.held.map(({ itemId, kind }) => [itemId, kind])).toEqual([['item-2', 'service'], ['item-4', 'pool'], ['item-5', 'pool']]);
  });

  it('counts the moves of the last hour and the cost of the last day, and no longer', () => {
    const policy = policyOf({ maxMovesPerHour: 1, maxCostUsdPerDay: 1, cooldownMs: 0 });
    const state = after(queueOf([requestOf(1, { costUsd: 0.6 }), requestOf(2, { costUsd: 0.6 })]), 'item-1', MOVED('i-r', 'z'));
    const kinds = (nowMs: number): string[] => choose(state, { policy: { ...policy, maxWaitMs: 100 * HOUR }, nowMs }).held.map(({ kind }) => kind);
    expect(kinds(NOW + HOUR - 1)).toEqual(['hourly']);
    expect(kinds(NOW + HOUR)).toEqual(['cost']);
    expect(kinds(NOW + 24 * HOUR)).toEqual([]);
  });

  it('never takes the last healthy instance of a service, nor the last two at once', () => {
    const web = { service: 'web' };
    const state = queueOf([requestOf(1, web), requestOf(2, web), requestOf(3)]);
    const policy = policyOf({ maxConcurrent: { fleet: 9, pool: 9, service: 2 } });
    const one = choose(state, { policy, facts: factsOf(state, (id) => (id === idOf(3) ? { healthyOthers: 0 } : { healthyOthers: 1 })) });
    expect(begun(one)).toEqual(['item-1']);
    expect(holds(one)).toEqual({ 'item-2': '0 other healthy instance(s) of web would be left; 1 must', 'item-3': '0 other healthy instance(s) of service-3 would be left; 1 must' });
    expect(begun(choose(state, { policy, facts: factsOf(state, () => ({ healthyOthers: 2 })) }))).toEqual(['item-1', 'item-2', 'item-3']);
  });

  it('does not look at all instances of a service of which one cannot be spared', () => {
    const state = queueOf([1, 2, 3].map((i) => requestOf(i, { service: 'web' })));
    const facts = factsOf(queueOf([requestOf(1)]), () => ({ healthyOthers: 0 }));
    expect(choose(state, { facts }).inspect).toEqual([]);
  });

  it('lets an instance and its replacement rest, and sends neither back where they came from', () => {
    const policy = policyOf({ cooldownMs: HOUR, noReturnMs: 4 * HOUR });
    const moved = after(queueOf([requestOf(1, { sourcePool: 'a', targetPool: 'b' })]), 'item-1', MOVED(idOf(7), 'b'));
    const again = enqueue(moved, [requestOf(7, { sourcePool: 'b', targetPool: 'a' }), requestOf(8, { sourcePool: 'b', targetPool: 'a' })], policy, NOW).state;
    expect(holds(choose(again, { policy }))).toEqual({ 'item-7': 'it rests until 2026-01-20T13:00:00.000Z after its last move' });
    expect(holds(choose(again, { policy, nowMs: NOW + HOUR }))).toEqual({ 'item-7': 'a: isolated, full or left lately' });
    expect(begun(choose(again, { policy, nowMs: NOW + 4 * HOUR }))).toContain('item-7');
  });

  it('remembers where a line of replacements came from', () => {
    const policy = policyOf({ cooldownMs: 0 });
    const first = after(queueOf([requestOf(1, { sourcePool: 'a', targetPool: 'b' })]), 'item-1', MOVED(idOf(2), 'b'));
    const second = after(enqueue(first, [requestOf(2, { sourcePool: 'b', targetPool: 'c' })], policy, NOW).state, 'item-2', MOVED(idOf(3), 'c'), NOW + HOUR);
    const third = enqueue(second, [requestOf(3, { sourcePool: 'c', zones: ['a', 'd'] })], policy, NOW).state;
    expect(choose(third, { policy, nowMs: NOW + 2 * HOUR }).starts).toEqual([{ itemId: 'item-3', avoidPools: ['b', 'a'] }]);
  });

  it('sends nothing into what is isolated, and tells the migration to avoid it', () => {
    const state = queueOf([requestOf(1, { targetPool: 'b' }), requestOf(2, { zones: ['b', 'c'] }), requestOf(3)]);
    const choice = choose(state, { facts: factsOf(state, undefined, ['b']) });
    expect(holds(choice)).toEqual({ 'item-1': 'b: isolated, full or left lately' });
    expect(choice.starts).toEqual([{ itemId: 'item-2', avoidPools: ['b'] }, { itemId: 'item-3', avoidPools: ['b'] }]);
  });

  it('begins nothing while it is paused, frozen, outside its windows or its breaker is open', () => {
    const state = queueOf([requestOf(1)]);
    expect(holds(choose(pause(state, 'release', false)))).toEqual({ 'item-1': 'the queue is paused: release' });
    const frozen = freeze(state, { fromMs: NOW, untilMs: NOW + HOUR, reason: 'Black Friday' });
    expect(holds(choose(frozen))).toEqual({ 'item-1': 'frozen until 2026-01-20T13:00:00.000Z: Black Friday' });
    expect(begun(choose(frozen, { nowMs: NOW + HOUR }))).toEqual(['item-1']);
    const openIntervals = [{ fromMs: NOW + HOUR, untilMs: NOW + 2 * HOUR }];
    expect(holds(choose(state, { openIntervals }))).toEqual({ 'item-1': 'outside the windows; the next one opens at 2026-01-20T13:00:00.000Z' });
    expect(begun(choose(state, { openIntervals, nowMs: NOW + HOUR }))).toEqual(['item-1']);
    expect(choose(state, { openIntervals, nowMs: NOW + 2 * HOUR }).held[0]?.kind).toBe('window');
  });

  it('opens the breaker after so many failures in a row, and closes it when an operator resumes', () => {
    const failing = ['item-1', 'item-2', 'item-3'].reduce((state, itemId) => after(state, itemId, FAILED), queueOf([1, 2, 3, 4].map((i) => requestOf(i))));
    expect(holds(choose(failing))).toEqual({ 'item-4': 'the breaker is open: 3 moves failed in a row, the last one: errors in the ramp' });
    expect(begun(choose(resume(failing)))).toEqual(['item-4']);
    const mixed = after(after(after(queueOf([1, 2, 3, 4].map((i) => requestOf(i))), 'item-1', FAILED), 'item-2', MOVED('i-r', 'z')), 'item-3', FAILED);
    expect(mixed).toMatchObject({ failuresInARow: 1, breaker: null });
  });

  it('does not count a refusal, or what the queue itself aborted, as a failure, and a refused instance needs no rest', () => {
    const state = after(queueOf([requestOf(1)]), 'item-1', { ...FAILED, outcome: 'refused' });
    expect(state.failuresInARow).toBe(0);
    const again = enqueue(state, [requestOf(1, { itemId: 'item-1b' })], policyOf(), NOW).state;
    expect(begun(choose(again))).toEqual(['item-1b']);
    expect(after(queueOf([requestOf(1)]), 'item-1', { ...FAILED, outcome: 'aborted' }).failuresInARow).toBe(0);
  });

  it('ends what could not begin for too long, with the reason that held it', () => {
    const state = pause(queueOf([requestOf(1)]), 'release', false);
    expect(choose(state, { nowMs: NOW + 24 * HOUR }).ends).toEqual([{ itemId: 'item-1', outcome: 'expired', reason: 'it could not begin for 1440 min: the queue is paused: release' }]);
  });
});

describe('taking requests in', () => {
  it('answers each of a batch: queued, a duplicate by id or instance, refused with the reason', () => {
    const policy = policyOf({ maxCostUsdPerDay: 1 });
    const bad = { ...requestOf(5), instanceId: 'web-1', colour: 'red' };
    const { state, answers } = enqueue(queueOf([requestOf(1)]), [requestOf(1), requestOf(2, { instanceId: idOf(1) }), requestOf(3), requestOf(3), requestOf(4, { costUsd: 2 }), bad], policy, NOW);
    expect(answers).toEqual([
      { itemId: 'item-1', kind: 'duplicate', of: 'item-1' },
      { itemId: 'item-2', kind: 'duplicate', of: 'item-1' },
      { itemId: 'item-3', kind: 'queued', position: 2 },
      { itemId: 'item-3', kind: 'duplicate', of: 'item-3' },
      { itemId: 'item-4', kind: 'refused', reason: "it costs 2.00 USD; a whole day's budget is 1 USD" },
      { itemId: 'item-5', kind: 'refused', reason: expect.stringMatching(/instanceId is "web-1"; expected an EC2 instance id.*colour is not a field of a move request/) as string },
    ]);
    expect(state.queued).toHaveLength(2);
  });

  it('knows an item that ended, moved or not, when it comes again', () => {
    const ended = endUnbegun(after(queueOf([requestOf(1), requestOf(2)]), 'item-1', MOVED('i-r', 'z')), 'item-2', 'cancelled', 'not needed', NOW);
    expect(enqueue(ended, [requestOf(1), requestOf(2)], policyOf(), NOW + HOUR).answers.map(({ kind }) => kind)).toEqual(['duplicate', 'duplicate']);
    expect(forgetEnded(ended, policyOf(), NOW + 24 * HOUR - 1).ended).toHaveLength(2);
    expect(forgetEnded(ended, policyOf(), NOW + 24 * HOUR).ended).toEqual([]);
  });

  it('refuses at the door what it could not carry', () => {
    const { state, answers } = enqueue(queueOf([]), Array.from({ length: 1_001 }, (_, i) => requestOf(i)), policyOf(), NOW);
    expect(state.queued).toHaveLength(1_000);
    expect(answers.at(-1)).toEqual({ itemId: 'item-1000', kind: 'refused', reason: 'the queue is full: 1000 requests wait', full: true });
  });
});

describe('asking for capacity ahead of time', () => {
  const soon = { notBeforeMs: NOW + 5 * MINUTE, zones: ['us-east-1b'], shapes: ['m7i.large'] };
  it('asks shortly before the start, where place and shape are known and no freeze or budget is in the way', () => {
    const state = queueOf([requestOf(1, soon), requestOf(2, { ...soon, shapes: [] }), requestOf(3, { ...soon, notBeforeMs: NOW + HOUR }), requestOf(4, { ...soon, notBeforeMs: NOW })]);
    expect(chooseReservations(state, policyOf(), null, NOW)).toEqual({ reserve: [{ itemId: 'item-1', zone: 'us-east-1b', shape: 'm7i.large' }], release: [] });
    expect(chooseReservations(freeze(state, { fromMs: NOW, untilMs: NOW + HOUR, reason: 'r' }), policyOf(), null, NOW).reserve).toEqual([]);
    expect(chooseReservations(state, policyOf({ reserveAheadMs: 0 }), null, NOW).reserve).toEqual([]);
    expect(chooseReservations(state, policyOf({ maxConcurrent: { fleet: 0, pool: 1, service: 1 } }), null, NOW).reserve).toEqual([]);
  });

  it('gives capacity back where its move is held for too long', () => {
    const [item] = queueOf([requestOf(1, soon)]).queued;
    if (item === undefined) throw new Error('nothing is queued');
    const state = { ...queueOf([]), queued: [{ ...item, reservation: { reservationId: 'cr-1', zone: 'us-east-1b', shape: 'm7i.large' } }] };
    expect(chooseReservations(state, policyOf(), null, NOW + 15 * MINUTE - 1).release).toEqual([]);
    expect(chooseReservations(state, policyOf(), null, NOW + 15 * MINUTE).release).toEqual(['item-1']);
  });
});
