import fc from 'fast-check';
import { decideChange } from '../../../src/domain/triggers/decide-change';
import type { Fate, RuleAnswer } from '../../../src/domain/triggers/decide-change';
import type { Incident, IncidentState } from '../../../src/domain/triggers/incident';
import { settleAct } from '../../../src/domain/triggers/settle-act';
import { NOTHING_REMEMBERED } from '../../../src/domain/triggers/trigger-memory';
import type { TriggerMemory } from '../../../src/domain/triggers/trigger-memory';
import { DEFAULT_TRIGGER_POLICY } from '../../../src/domain/triggers/trigger-policy';
import { alarmChange } from '../../triggers/incidents';

const T0 = Date.UTC(2026, 10, 26, 10);
const MINUTE = 60_000;

/** A world that does what a memory says is due, and knows what waits in the queue. */
class World {
  memory: TriggerMemory = NOTHING_REMEMBERED;
  nowMs = T0;
  readonly started: string[] = [];
  readonly waiting = new Set<string>();

  constructor(
    private readonly withdrawOnOk = true,
    private readonly policy = DEFAULT_TRIGGER_POLICY,
  ) {}

  tell(incident: Incident, stillOn: boolean | null = null): Fate {
    const { memory, fate } = decideChange(this.memory, { incident, answer: this.answer(incident), policy: this.policy, nowMs: this.nowMs, stillOn });
    this.memory = memory;
    this.doWhatIsDue();
    return fate;
  }

  doWhatIsDue(): void {
    for (let act; (act = this.memory.acts.find(({ dueAtMs }) => dueAtMs <= this.nowMs)) !== undefined; ) {
      if (act.kind === 'start') {
        if (!this.started.includes(act.incidentId)) this.waiting.add(act.incidentId);
        this.started.push(act.incidentId);
      } else this.waiting.delete(act.incidentId);
      this.memory = settleAct(this.memory, act, 'done', this.nowMs);
    }
  }

  private answer({ reason, kind, instanceId }: Incident): RuleAnswer {
    return { start: { kind: 'wish', rule: 'r', trigger: kind, instanceId: instanceId ?? '', fleet: null, impactMinutes: 1, notBeforeMs: 0, deadlineAtMs: null, onlyIfContended: false, zones: [], shapes: [], reason }, withdrawOnOk: this.withdrawOnOk };
  }
}

const change = (state: IncidentState, minute: number, previousState: IncidentState | null = null) => alarmChange('cpu', state, T0 + minute * MINUTE, { previousState });

describe('A change of an alarm', () => {
  it('into ALARM begins something once, however often it is told', () => {
    const world = new World();
    const fates = [1, 2, 3].map(() => world.tell(change('ALARM', 0)));
    expect(fates).toEqual(['started', 'duplicate', 'duplicate']);
    expect(world.started).toHaveLength(1);
  });

  it('into OK takes back what waits', () => {
    const world = new World();
    world.tell(change('ALARM', 0));
    expect(world.waiting.size).toBe(1);
    expect(world.tell(change('OK', 1))).toBe('withdrawn');
    expect(world.waiting.size).toBe(0);
  });

  it('into OK leaves what a rule keeps', () => {
    const world = new World(false);
    world.tell(change('ALARM', 0));
    expect(world.tell(change('OK', 1))).toBe('noted');
    expect(world.waiting.size).toBe(1);
  });

  it('into ALARM that is told of after its OK begins nothing', () => {
    const world = new World();
    world.tell(change('OK', 1));
    expect(world.tell(change('ALARM', 0))).toBe('superseded');
    expect(world.started).toEqual([]);
  });

  it('into ALARM after a time without data goes on, and after an OK that was never told of begins anew', () => {
    const world = new World();
    world.tell(change('ALARM', 0));
    world.tell(change('INSUFFICIENT_DATA', 1));
    expect(world.tell(change('ALARM', 2, 'INSUFFICIENT_DATA'))).toBe('continues');
    expect(world.tell(change('ALARM', 3, 'OK'))).toBe('started');
    expect(world.started).toHaveLength(2);
    expect(world.waiting.size).toBe(1);
  });

  it('that flaps is held, never begins where it is over in time, and begins where it stays', () => {
    const world = new World();
    const fates: Fate[] = [];
    for (const minute of [0, 1, 2, 3, 4]) {
      world.nowMs = T0 + minute * MINUTE;
      fates.push(world.tell(change('ALARM', minute, 'OK')));
      if (minute < 4) world.tell(change('OK', minute + 0.5));
    }
    expect(fates).toEqual(['started', 'started', 'started', 'held', 'held']);
    expect(world.started).toHaveLength(3);
    expect(world.waiting.size).toBe(0);
    world.nowMs = T0 + 9 * MINUTE;
    world.doWhatIsDue();
    expect([...world.waiting]).toEqual([change('ALARM', 4).incidentId]);
  });

  it('that comes late is believed only where the alarm is still on', () => {
    const world = new World();
    world.nowMs = T0 + 20 * MINUTE;
    expect(world.tell(change('ALARM', 0), false)).toBe('late');
    expect(world.tell(change('ALARM', 1), true)).toBe('started');
  });

  it('of an event is late once its deadline has passed, and without one only where AWS does not say when it ends', () => {
    const told = (kind: Incident['kind'], deadlineAtMs: number | null): Fate => {
      const world = new World();
      world.nowMs = T0 + 60 * MINUTE;
      return world.tell(alarmChange('event', 'ALARM', T0, { kind, deadlineAtMs }));
    };
    expect(told('scheduledEvent', T0 + 61 * MINUTE)).toBe('started');
    expect(told('scheduledEvent', T0 + 59 * MINUTE)).toBe('late');
    expect(told('health', null)).toBe('started');
    expect(told('interruption', T0 + 2 * MINUTE)).toBe('late');
    expect(told('rebalance', null)).toBe('late');
  });

  it('that lies ahead of the clock, or contradicts what was told, is refused', () => {
    const world = new World();
    expect(world.tell(change('ALARM', 6))).toBe('refused');
    world.tell(change('ALARM', 0));
    expect(world.tell(change('OK', 0))).toBe('refused');
    expect(world.waiting.size).toBe(1);
  });

  it('ends the same in whatever order, and however often, its history is told', () => {
    const history = fc.uniqueArray(fc.integer({ min: 0, max: 600 }), { minLength: 1, maxLength: 14 }).map((seconds) => seconds.toSorted((a, b) => a - b));
    const scenario = history.chain((seconds) => fc.record({ seconds: fc.constant(seconds), states: fc.array(fc.constantFrom<IncidentState>('ALARM', 'OK', 'INSUFFICIENT_DATA'), { minLength: seconds.length, maxLength: seconds.length }), order: fc.array(fc.nat(seconds.length - 1), { maxLength: 40 }), shuffle: fc.shuffledSubarray(seconds.map((_, i) => i), { minLength: seconds.length }) }));
    fc.assert(
      fc.property(scenario, ({ seconds, states, order, shuffle }) => {
        const world = new World();
        const changes = seconds.map((second, i) => alarmChange('cpu', states[i] ?? 'OK', T0 + second * 1_000, { previousState: states[i - 1] ?? null }));
        world.nowMs = T0 + 600_000;
        for (const i of [...order, ...shuffle]) world.tell(changes[i] as Incident);
        world.nowMs += 3_600_000;
        world.doWhatIsDue();
        // What holds at the end is the last ALARM without an OK after it.
        const lastOk = states.lastIndexOf('OK');
        const holds = states.slice(lastOk + 1).includes('ALARM');
        expect(world.waiting.size).toBe(holds ? 1 : 0);
        expect(new Set(world.started).size).toBe(world.started.length);
      }),
      { numRuns: 1000 },
    );
  });

  it('takes back a start that arrived after its withdrawal', () => {
    const world = new World();
    world.tell(change('ALARM', 0));
    const act = { kind: 'start' as const, incidentId: change('ALARM', 0).incidentId, start: world.memory.open?.start as never, dueAtMs: T0 };
    world.tell(change('OK', 1));
    expect(settleAct(world.memory, act, 'done', T0).acts).toEqual([expect.objectContaining({ kind: 'withdraw', incidentId: act.incidentId })]);
  });
});
