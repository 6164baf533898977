import { createRandomStream } from '../../../src/domain/seeded-random';
import { decideScaling } from '../../../src/domain/workload-scaling/decide-scaling';
import { checkScaleInput } from '../../../src/domain/workload-scaling/scaling-input';
import { INITIAL_SCALING_MEMORY, type ProfileBand, type ScalingLook, type ScalingMemory } from '../../../src/domain/workload-scaling/scaling-look';
import { DEFAULT_SCALING_POLICY as POLICY } from '../../../src/domain/workload-scaling/scaling-policy';
import { boundPercent } from '../../../src/domain/workload-scaling/wants-of';

const NOW = Date.UTC(2026, 10, 30, 9);
const MINUTE = 60_000;
const BAND: ProfileBand = { profile: 'cpuPercent app=web 3', use: { levels: [0.1, 0.5, 0.9], values: [30, 40, 60] }, typicalBurstMinutes: 20, notes: [] };

/** A group of two that may grow to six, at 0.10 USD an hour each. */
function look(change: Partial<ScalingLook> = {}): ScalingLook {
  const steps = [2, 3, 4, 5, 6].map((members) => ({ name: `${members} members`, capacity: members, usdPerHour: members * 0.1 }));
  return { nowMs: NOW, usePercent: 40, band: BAND, windows: [], steps, base: 0, present: 0, servingCapacity: 2, ...change };
}

function announced(probability: number, sizePercent: readonly number[], expectedStartMs: number | null = NOW + 5 * MINUTE): ScalingMemory {
  const prediction = { withinMinutes: 30, probability, levels: [0.5, 0.9], sizePercent, expectedStartMs, reason: 'kin burst at 9' };
  return { ...INITIAL_SCALING_MEMORY, askedAtMs: NOW, burst: { prediction, askedAtMs: NOW, capacity: 2 } };
}

const decide = (change: Partial<ScalingLook> = {}, memory = INITIAL_SCALING_MEMORY, policy = POLICY) => decideScaling(policy, memory, look(change)).decision;

describe('the decision of a workload\'s capacity', () => {
  it.each([
    ['holds within the band', {}, INITIAL_SCALING_MEMORY, { kind: 'hold', reason: expect.stringMatching(/^use is 40.0 %, within the bound of 60.0 %$/) }],
    ['adds (use - bound) x sensitivity percent of what is there', { usePercent: 95 }, INITIAL_SCALING_MEMORY, { kind: 'raise', to: 2, cause: 'beyond', reason: expect.stringMatching(/use is 95.0 %, beyond 60.0 %, the upper bound of cpuPercent app=web 3: 2 members becomes 4 members/) }],
    ['falls back on the limit, and says it, where there is no profile', { usePercent: 95, band: null }, INITIAL_SCALING_MEMORY, { kind: 'raise', to: 1, reason: expect.stringMatching(/beyond the limit of 80 %, no profile being there/) }],
    ['waits for what was ordered before it adds more', { usePercent: 95, present: 2 }, INITIAL_SCALING_MEMORY, { kind: 'hold' }],
    ['does not pay for what overloads nobody', { usePercent: 20, band: { ...BAND, use: { levels: [0.1, 0.9], values: [1, 10] } } }, INITIAL_SCALING_MEMORY, { kind: 'hold', reason: expect.stringMatching(/would avoid overload worth/) }],
    ['prepares for a burst that is announced', {}, announced(0.8, [120, 150]), { kind: 'raise', to: 2, cause: 'burst', reason: expect.stringMatching(/a burst to 150 % with a chance of 0.80: kin burst at 9/) }],
    ['does not prepare for one that is unlikely', {}, announced(0.0005, [120, 150]), { kind: 'hold', reason: expect.stringMatching(/a chance of 0.00/) }],
    ['does not prepare before it is time', {}, announced(0.8, [120, 150], NOW + 25 * MINUTE), { kind: 'hold' }],
    ['prepares for a peak of the calendar ahead of it', { windows: [{ name: 'sale', startAtMs: NOW + 9 * MINUTE, endAtMs: NOW + 60 * MINUTE }] }, INITIAL_SCALING_MEMORY, { kind: 'raise', to: 2, cause: 'calendar', reason: expect.stringMatching(/"sale" begins at 2026-11-30T09:09:00.000Z/) }],
    ['and not earlier than its lead', { windows: [{ name: 'sale', startAtMs: NOW + 11 * MINUTE, endAtMs: NOW + 60 * MINUTE }] }, INITIAL_SCALING_MEMORY, { kind: 'hold' }],
    ['prepares without any measured use', { usePercent: null, windows: [{ name: 'sale', startAtMs: NOW, endAtMs: NOW + 60 * MINUTE }] }, INITIAL_SCALING_MEMORY, { kind: 'raise', cause: 'calendar' }],
    ['waits after a refusal', { usePercent: 95 }, { ...INITIAL_SCALING_MEMORY, refusedAtMs: NOW - MINUTE }, { kind: 'hold', reason: expect.stringMatching(/the last attempt was refused, the next is at 2026-11-30T09:19/) }],
    ['goes back after calm looks and the cooldown', { usePercent: 20, present: 2, servingCapacity: 4 }, { ...INITIAL_SCALING_MEMORY, calmLooks: 2, changedAtMs: NOW - 30 * MINUTE }, { kind: 'lower', to: 0, cause: 'calm' }],
    ['not before the cooldown is over', { usePercent: 20, present: 2, servingCapacity: 4 }, { ...INITIAL_SCALING_MEMORY, calmLooks: 9, changedAtMs: NOW - 10 * MINUTE }, { kind: 'hold', reason: expect.stringMatching(/not before 2026-11-30T09:10/) }],
    ['not while a peak lasts', { usePercent: 10, present: 2, servingCapacity: 4, windows: [{ name: 'sale', startAtMs: NOW - MINUTE, endAtMs: NOW + 60 * MINUTE }] }, { ...INITIAL_SCALING_MEMORY, calmLooks: 9 }, { kind: 'hold', reason: expect.stringMatching(/is ready for it/) }],
  ] as const)('%s', (_, change, memory, expected) => {
    expect(decide(change, memory)).toMatchObject(expected);
  });

  it('compares with the lower bound where that is chosen', () => {
    const lower = { ...POLICY, bound: 'lower' as const };
    expect(boundPercent(lower, { band: BAND })).toBe(30);
    expect([decide({ usePercent: 55 }).kind, decide({ usePercent: 55 }, INITIAL_SCALING_MEMORY, lower).kind]).toEqual(['hold', 'raise']);
  });

  it('never leaves its bounds, pays more than it is worth, or goes up where use goes down: 4,000 looks', () => {
    const random = createRandomStream(7);
    for (let i = 0; i < 4_000; i += 1) {
      const present = Math.floor(random() * 5);
      const memory = { ...(random() < 0.5 ? INITIAL_SCALING_MEMORY : announced(random(), [random() * 100, 100 + random() * 100])), calmLooks: 5 };
      const policy = { ...POLICY, sensitivity: 0.5 + random() * 5, maximumAdded: 1 + Math.floor(random() * 6) };
      const change = { usePercent: random() * 100, present, servingCapacity: 2 + Math.floor(random() * (present + 1)), band: random() < 0.3 ? null : BAND };
      const decision = decide(change, memory, policy);
      if (decision.kind === 'hold') continue;
      expect(decision.kind === 'raise' ? decision.to > present : decision.to < present).toBe(true);
      expect(decision.to).toBeGreaterThanOrEqual(0);
      if (decision.kind === 'raise') {
        expect(decision.to).toBeLessThanOrEqual(policy.maximumAdded);
        expect(decision.worthUsd).toBeGreaterThan(decision.usd);
        const busier = decide({ ...change, usePercent: Math.min(100, change.usePercent + 5) }, memory, policy);
        expect(busier.kind).toBe('raise');
      }
    }
  });

  it('is calm: at a constant load it settles, and never goes up again after it went back', () => {
    const random = createRandomStream(11);
    for (let run = 0; run < 300; run += 1) {
      let [memory, present]: [ScalingMemory, number] = [INITIAL_SCALING_MEMORY, Math.floor(random() * 5)];
      const load = random() * 400;
      const kinds: string[] = [];
      for (let minute = 0; minute < 120; minute += 1) {
        const nowMs = NOW + minute * MINUTE;
        const next = decideScaling(POLICY, memory, look({ nowMs, present, servingCapacity: present + 2, usePercent: Math.min(100, load / (present + 2)) }));
        memory = next.memory;
        if (next.decision.kind === 'hold') continue;
        kinds.push(next.decision.kind);
        present = next.decision.to;
        memory = { ...memory, changedAtMs: nowMs };
      }
      expect(kinds.join(' ')).not.toMatch(/lower raise|raise lower/);
    }
  });
});

describe('the input of scaleWorkload', () => {
  const by = { kind: 'group', autoScalingGroup: 'web-asg' };
  it('takes what is right', () => {
    expect(checkScaleInput({ tag: 'app=web,tier=front', by, mode: 'act', policy: { sensitivity: 3 }, calendar: { events: '[]' } })).toEqual([]);
  });
  it.each([
    [{ tag: 'web', by }, /tag is "web"; expected tags such as "app=web"/],
    [{ tag: 'tier=front,app=web', by }, /expected its tags in their order: "app=web,tier=front"/],
    [{ tag: 'app=web', by, metric: 'requests' }, /metric is "requests"; expected "cpuPercent" or "memoryPercent"/],
    [{ tag: 'app=web', by: { kind: 'credits' } }, /expected "group" or "shape": CPU credits are not switched by it/],
    [{ tag: 'app=web', by: { kind: 'shape', instanceIds: ['web-1'], shapes: ['m7i.large'] } }, /instanceIds is \["web-1"\]; expected a list of 1 to 20 EC2 instance ids/],
    [{ tag: 'app=web', by, policy: { interval: [0.9, 0.1] } }, /interval is \[0.9,0.1\]; expected two rising probabilities/],
    [{ tag: 'app=web', by, calendar: {} }, /one of ical and events, and not both/],
    [{ tag: 'app=web' }, /by is missing/],
  ])('refuses %j with a sentence', (input, sentence) => {
    expect(checkScaleInput(input).join('; ')).toMatch(sentence);
  });
});
