import fc from 'fast-check';
import { chooseStarts } from '../../../src/domain/queue/choose-starts';
import { enqueue } from '../../../src/domain/queue/enqueue';
import { contains } from '../../../src/domain/queue/interval';
import type { Interval } from '../../../src/domain/queue/interval';
import { beginMove, endMove, endUnbegun, forgetEnded } from '../../../src/domain/queue/move-events';
import { freeze, pause, resume, unfreeze } from '../../../src/domain/queue/operator-commands';
import { joinQueue, splitQueue } from '../../../src/domain/queue/queue-chunks';
import { nextWakeMs } from '../../../src/domain/queue/next-wake';
import type { QueuePolicy } from '../../../src/domain/queue/queue-policy';
import { EMPTY_QUEUE } from '../../../src/domain/queue/queue-state';
import type { QueueState } from '../../../src/domain/queue/queue-state';
import { HOUR, MINUTE, NOW, factsOf, idOf, policyOf, requestOf } from './queue-fixtures';

const DAY = 24 * HOUR;
const POOLS = ['a', 'b', 'c'];

type Event =
  | { kind: 'wait'; minutes: number }
  | { kind: 'ask'; instance: number; item: number; service: number; source: number; target: number | null; inMinutes: number; costUsd: number; impact: number }
  | { kind: 'end'; which: number; outcome: 'moved' | 'failed' | 'refused' | 'aborted' }
  | { kind: 'pause' | 'resume' | 'unfreeze' | 'carryOver' }
  | { kind: 'freeze'; inMinutes: number; minutes: number }
  | { kind: 'sick'; service: number; healthy: number };

const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 400 }) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('ask' as const),
      instance: fc.nat(12),
      item: fc.nat(60),
      service: fc.nat(3),
      source: fc.nat(2),
      target: fc.option(fc.nat(2)),
      inMinutes: fc.nat(120),
      costUsd: fc.double({ min: 0, max: 4, noNaN: true }),
      impact: fc.nat(100),
    }),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('end' as const), which: fc.nat(10), outcome: fc.constantFrom('moved' as const, 'moved' as const, 'failed' as const, 'refused' as const, 'aborted' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('pause' as const, 'unfreeze' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('resume' as const, 'carryOver' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('freeze' as const), inMinutes: fc.nat(60), minutes: fc.integer({ min: 1, max: 300 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('sick' as const), service: fc.nat(3), healthy: fc.nat(3) }) },
);

const policy: fc.Arbitrary<QueuePolicy> = fc
  .record({
    maxConcurrent: fc.record({ fleet: fc.integer({ min: 1, max: 5 }), pool: fc.integer({ min: 1, max: 3 }), service: fc.integer({ min: 1, max: 3 }) }),
    maxMovesPerHour: fc.integer({ min: 1, max: 5 }),
    maxCostUsdPerDay: fc.integer({ min: 2, max: 10 }),
    cooldownMs: fc.integer({ min: 0, max: 5 * HOUR }),
    noReturnMs: fc.integer({ min: 0, max: 30 * HOUR }),
    breakerFailures: fc.integer({ min: 1, max: 3 }),
    minHealthyOthers: fc.nat(2),
  })
  .map((change) => policyOf(change));

/** Windows that are open four hours of every six. */
const OPEN: readonly Interval[] = Array.from({ length: 200 }, (_, i) => ({ fromMs: NOW + i * 6 * HOUR, untilMs: NOW + (i * 6 + 4) * HOUR }));

interface Began {
  readonly itemId: string;
  readonly instanceId: string;
  readonly service: string;
  readonly pools: readonly string[];
  readonly sourcePool: string;
  readonly targetPool: string | null;
  readonly avoidPools: readonly string[];
  readonly atMs: number;
  readonly costUsd: number;
  endedAtMs: number | null;
  outcome: string | null;
  replacementId: string | null;
}

/** A queue among random events, and a record of its own of all that ever began: what the limits are held against. */
class Story {
  nowMs = NOW;
  state: QueueState = EMPTY_QUEUE;
  readonly began: Began[] = [];
  readonly accepted = new Set<string>();
  readonly finished = new Map<string, string>();
  private readonly frozen: Interval[] = [];
  private readonly healthy = new Map<string, number>();

  constructor(
    readonly policy: QueuePolicy,
    private readonly windows: readonly Interval[] | null,
  ) {}

  apply(one: Event): void {
    const { state, policy, nowMs } = this;
    if (one.kind === 'wait') this.nowMs += one.minutes * MINUTE;
    if (one.kind === 'ask') this.ask(one);
    if (one.kind === 'end') this.end(one.which, one.outcome);
    if (one.kind === 'pause') this.state = pause(state, 'told', false);
    if (one.kind === 'resume') this.state = resume(state);
    if (one.kind === 'carryOver') this.state = forgetEnded(joinQueue(JSON.parse(JSON.stringify(splitQueue(state))) as ReturnType<typeof splitQueue>), policy, nowMs);
    if (one.kind === 'freeze') {
      const interval = { fromMs: nowMs + one.inMinutes * MINUTE, untilMs: nowMs + (one.inMinutes + one.minutes) * MINUTE };
      this.frozen.push(interval);
      this.state = freeze(state, { ...interval, reason: 'told' });
    }
    if (one.kind === 'unfreeze') {
      this.frozen.length = 0;
      this.state = unfreeze(state);
    }
    if (one.kind === 'sick') this.healthy.set(`s${one.service}`, one.healthy);
    this.begin();
  }

  /** Sees to it that every item that was taken in is in exactly one place. */
  checkNothingLostOrDoubled(): void {
    const here = [...this.state.queued.map(({ request }) => request.itemId), ...this.state.running.map(({ request }) => request.itemId)];
    expect(new Set(here).size).toBe(here.length);
    expect(new Set([...here, ...this.finished.keys()])).toEqual(this.accepted);
    for (const itemId of here) expect(this.finished.has(itemId)).toBe(false);
    expect(new Set(this.began.map(({ itemId }) => itemId)).size).toBe(this.began.length);
    const instances = [...this.state.queued, ...this.state.running].map(({ request }) => request.instanceId);
    expect(new Set(instances).size).toBe(instances.length);
  }

  private ask(one: Extract<Event, { kind: 'ask' }>): void {
    // Replacements of replacements are asked for as well: their line must rest, too.
    const replaced = this.began.filter(({ replacementId }) => replacementId !== null);
    const instanceId = one.instance > 8 && replaced.length > 0 ? (replaced[one.instance % replaced.length]?.replacementId ?? idOf(one.instance)) : idOf(one.instance);
    const request = requestOf(one.instance, {
      itemId: `item-${one.item}`,
      instanceId,
      service: `s${one.service}`,
      sourcePool: POOLS[one.source] ?? 'a',
      targetPool: one.target === null ? null : (POOLS[one.target] ?? 'a'),
      notBeforeMs: this.nowMs + one.inMinutes * MINUTE,
      costUsd: one.costUsd,
      impactMinutes: one.impact,
    });
    const { state, answers } = enqueue(this.state, [request, request], this.policy, this.nowMs);
    this.state = state;
    expect(answers).toHaveLength(2);
    expect(answers[1]?.kind).not.toBe('queued');
    // An id that was forgotten after a day is a new one.
    if (answers[0]?.kind === 'queued') {
      this.finished.delete(request.itemId);
      this.accepted.add(request.itemId);
      const past = this.began.findIndex(({ itemId }) => itemId === request.itemId);
      if (past >= 0) this.began[past] = { ...(this.began[past] as Began), itemId: `${request.itemId} before ${this.nowMs}` };
    }
  }

  private end(which: number, outcome: 'moved' | 'failed' | 'refused' | 'aborted'): void {
    const move = this.state.running[which % Math.max(1, this.state.running.length)];
    if (move === undefined) return;
    const { itemId, sourcePool, targetPool } = move.request;
    const replacementId = outcome === 'moved' ? idOf(1_000 + this.began.length + this.finished.size * 100) : null;
    const end = { outcome, replacementId, toPool: outcome === 'moved' ? (targetPool ?? sourcePool) : null, reason: 'told' };
    const once = endMove(this.state, itemId, end, this.policy, this.nowMs);
    this.state = endMove(once, itemId, end, this.policy, this.nowMs);
    expect(this.state).toBe(once);
    this.finished.set(itemId, outcome);
    const begun = this.began.find((one) => one.itemId === itemId);
    if (begun !== undefined) Object.assign(begun, { endedAtMs: this.nowMs, outcome, replacementId });
  }

  private begin(): void {
    const { policy, nowMs } = this;
    const facts = factsOf(this.state, (instanceId) => {
      const service = this.state.queued.find(({ request }) => request.instanceId === instanceId)?.request.service ?? '';
      return { healthyOthers: this.healthy.get(service) ?? 5 };
    });
    const context = { policy, openIntervals: this.windows, facts, nowMs };
    const choice = chooseStarts(this.state, context);
    expect(chooseStarts(this.state, context)).toEqual(choice);
    const named = [...choice.starts, ...choice.held, ...choice.ends].map(({ itemId }) => itemId);
    expect(named.toSorted()).toEqual(this.state.queued.map(({ request }) => request.itemId).toSorted());
    for (const { itemId, outcome, reason } of choice.ends) {
      this.state = endUnbegun(this.state, itemId, outcome, reason, nowMs);
      this.finished.set(itemId, outcome);
    }
    for (const { itemId, avoidPools } of choice.starts) {
      const request = this.state.queued.find((item) => item.request.itemId === itemId)?.request;
      if (request === undefined) throw new Error(`${itemId} is not queued`);
      const before = this.state;
      this.state = beginMove(this.state, itemId, nowMs);
      const pools = [...new Set([request.sourcePool, request.targetPool ?? request.sourcePool])];
      const one: Began = { itemId, instanceId: request.instanceId, service: request.service, pools, sourcePool: request.sourcePool, targetPool: request.targetPool, avoidPools, atMs: nowMs, costUsd: request.costUsd, endedAtMs: null, outcome: null, replacementId: null };
      this.checkLimits(one, before);
      this.began.push(one);
    }
    const wake = nextWakeMs(this.state, policy, this.windows, nowMs);
    if (wake !== null) expect(wake).toBeGreaterThan(nowMs);
  }

  private checkLimits(one: Began, before: QueueState): void {
    const { policy, nowMs } = this;
    const running = this.began.filter(({ endedAtMs }) => endedAtMs === null);
    const hour = this.began.filter(({ atMs }) => atMs > nowMs - HOUR);
    const day = this.began.filter(({ atMs }) => atMs > nowMs - DAY);
    expect(before.paused).toBeNull();
    expect(before.breaker).toBeNull();
    expect(this.frozen.some((interval) => contains(interval, nowMs))).toBe(false);
    if (this.windows !== null) expect(this.windows.some((interval) => contains(interval, nowMs))).toBe(true);
    expect(running.length + 1).toBeLessThanOrEqual(policy.maxConcurrent.fleet);
    const beside = running.filter(({ service }) => service === one.service).length;
    expect(beside + 1).toBeLessThanOrEqual(policy.maxConcurrent.service);
    for (const pool of one.pools) expect(running.filter(({ pools }) => pools.includes(pool)).length + 1).toBeLessThanOrEqual(policy.maxConcurrent.pool);
    expect(hour.length + 1).toBeLessThanOrEqual(policy.maxMovesPerHour);
    expect(day.reduce((sum, { costUsd }) => sum + costUsd, one.costUsd)).toBeLessThanOrEqual(policy.maxCostUsdPerDay + 1e-9);
    expect((this.healthy.get(one.service) ?? 5) - beside).toBeGreaterThanOrEqual(policy.minHealthyOthers);
    const line = this.lineOf(one.instanceId).filter(({ endedAtMs, outcome }) => endedAtMs !== null && outcome !== 'refused');
    for (const { endedAtMs } of line) expect(nowMs - (endedAtMs ?? 0)).toBeGreaterThanOrEqual(policy.cooldownMs);
    for (const past of line.filter(({ outcome }) => outcome === 'moved')) {
      const lately = nowMs - (past.endedAtMs ?? 0) < policy.noReturnMs;
      const left = past.sourcePool !== (past.targetPool ?? past.sourcePool) && past.sourcePool !== one.sourcePool;
      if (lately && left) expect(one.targetPool === null ? one.avoidPools.includes(past.sourcePool) : one.targetPool !== past.sourcePool).toBe(true);
    }
  }

  /** All moves of an instance and of those before it. */
  private lineOf(instanceId: string, depth = 0): Began[] {
    const own = this.began.filter((move) => move.instanceId === instanceId);
    const born = this.began.filter((move) => move.replacementId === instanceId);
    return depth > 50 ? [] : [...own, ...born, ...born.flatMap((move) => this.lineOf(move.instanceId, depth + 1))];
  }
}

describe('the queue, whatever happens', () => {
  it('keeps every limit at every instant, loses nothing, doubles nothing, and decides the same twice', () => {
    let starts = 0;
    fc.assert(
      fc.property(policy, fc.array(event, { minLength: 20, maxLength: 120 }), fc.boolean(), (limits, events, windows) => {
        const story = new Story(limits, windows ? OPEN : null);
        for (const one of events) {
          story.apply(one);
          story.checkNothingLostOrDoubled();
        }
        starts += story.began.length;
      }),
      { numRuns: 120, seed: 5 },
    );
    // The stories are about something.
    expect(starts).toBeGreaterThan(300);
  });

  it('gets everything done in the end, woken only when it asks to be', () => {
    fc.assert(
      fc.property(policy, fc.array(fc.record({ service: fc.nat(3), source: fc.nat(2), costUsd: fc.double({ min: 0, max: 2, noNaN: true }), inMinutes: fc.nat(300) }), { minLength: 1, maxLength: 25 }), (limits, wanted) => {
        const patient = { ...limits, maxWaitMs: 365 * DAY, heldTooLongMs: 365 * DAY };
        const requests = wanted.map(({ service, source, costUsd, inMinutes }, i) => requestOf(i, { service: `s${service}`, sourcePool: POOLS[source] ?? 'a', costUsd, notBeforeMs: NOW + inMinutes * MINUTE }));
        let state = enqueue(EMPTY_QUEUE, requests, patient, NOW).state;
        let nowMs = NOW;
        for (let turn = 0; turn < 2_000 && state.queued.length > 0; turn += 1) {
          const { starts } = chooseStarts(state, { policy: patient, openIntervals: OPEN, facts: factsOf(state), nowMs });
          for (const { itemId } of starts) {
            state = beginMove(state, itemId, nowMs);
            state = endMove(state, itemId, { outcome: 'moved', replacementId: null, toPool: null, reason: '' }, patient, nowMs);
          }
          nowMs = nextWakeMs(state, patient, OPEN, nowMs) ?? nowMs;
        }
        expect(state.queued).toEqual([]);
        expect(state.ended).toHaveLength(requests.length);
      }),
      { numRuns: 50, seed: 6 },
    );
  });
});
