import fc from 'fast-check';
import { outlookWhileRouted } from '../../../src/domain/routing/outlook-while-routed';
import { recommendRouting } from '../../../src/domain/routing/recommend-routing';
import type { RequestClass, RoutedService } from '../../../src/domain/routing/routed-service';
import type { MemberOutlook, RoutingOutlook } from '../../../src/domain/routing/routing-outlook';
import { DEFAULT_ROUTING_POLICY } from '../../../src/domain/routing/routing-policy';
import type { RoutingRecommendation } from '../../../src/domain/routing/routing-recommendation';

const NOW = 1_000_000;
const HIGH: RequestClass = { name: 'checkout', priority: 'high', backend: 'web_high' };
const LOW: RequestClass = { name: 'browse', priority: 'low', backend: 'web_low' };

const service = (members: readonly string[] = ['a', 'b', 'c'], classes: readonly RequestClass[] = [HIGH, LOW]): RoutedService => ({
  service: 'shop',
  balancer: { kind: 'haproxy', name: 'edge', backends: ['web'], mapFile: '/etc/haproxy/foreshift.map' },
  members: members.map((memberId) => ({ memberId })),
  classes,
});
const member = (memberId: string, load: number, more: Partial<MemberOutlook> = {}): MemberOutlook => ({ memberId, capacity: 100, load: [{ level: 0.5, value: load * 0.8 }, { level: 0.9, value: load }], ...more });
const outlook = (members: readonly MemberOutlook[], classShares: Readonly<Record<string, number>> = { checkout: 0.3, browse: 0.7 }): RoutingOutlook => ({ atMs: NOW - 60_000, horizonMs: 600_000, members, classShares });
const recommend = (of: RoutedService, seen: RoutingOutlook, current: RoutingRecommendation | null = null, nowMs = NOW) => recommendRouting(of, seen, current, DEFAULT_ROUTING_POLICY, nowMs);
const routed = (of: RoutedService, seen: RoutingOutlook, current: RoutingRecommendation | null = null): RoutingRecommendation => {
  const decision = recommend(of, seen, current);
  if (decision.kind !== 'route') throw new Error(`released: ${decision.why.join()}`);
  return decision.recommendation;
};

describe('what is recommended for the requests of a service', () => {
  it('changes nothing where no member comes near its capacity', () => {
    expect(recommend(service(), outlook([member('a', 80), member('b', 50), member('c', 50)]))).toEqual({ kind: 'release', why: ['no member comes above 85 % of its capacity'] });
  });

  it('takes low priority from a member that is about to be overloaded, and gives it less of the high one', () => {
    const { classes, hot, why } = routed(service(), outlook([member('a', 40, { capacity: 30 }), member('b', 40), member('c', 40)]));
    expect(hot).toEqual(['a']);
    expect(why).toEqual(['a comes to 133 % of its capacity at the 0.9 quantile of its forecast']);
    expect(classes).toEqual([
      { name: 'checkout', weights: { a: 30, b: 100, c: 100 }, shedRatio: 0 },
      { name: 'browse', weights: { a: 0, b: 100, c: 100 }, shedRatio: 0 },
    ]);
  });

  it('turns away of low priority what finds no room, and nothing of high priority', () => {
    const { classes, why } = routed(service(), outlook([member('a', 80, { capacity: 30 }), member('b', 80), member('c', 80)]));
    const [checkout, browse] = classes;
    expect(checkout?.shedRatio).toBe(0);
    // 172.5 of room, 72 of it for checkout: of 168 of browse 100.5 find some.
    expect(browse?.shedRatio).toBeCloseTo(0.4, 2);
    expect(why.at(-1)).toMatch(/^\d\d % of browse find no room and are turned away$/);
  });

  it('lets low priority have what room there is on a member that is about to be overloaded, before any is turned away', () => {
    const { classes } = routed(service(), outlook([member('a', 130), member('b', 40), member('c', 40)]));
    expect(classes[1]).toMatchObject({ shedRatio: 0, weights: { a: 100, b: 100, c: 100 } });
  });

  it('sends nothing new to a member that is about to go, whatever its load is', () => {
    const { classes, leaving } = routed(service(), outlook([member('a', 10, { leaving: true }), member('b', 10), member('c', 10)]));
    expect(leaving).toEqual(['a']);
    expect(classes.map(({ weights }) => weights['a'])).toEqual([0, 0]);
  });

  it('gives writes only to those that take them, also where these are hot', () => {
    const classes: RequestClass[] = [{ name: 'write', priority: 'high', access: 'write' }, { name: 'read', priority: 'low', access: 'read' }];
    const database = { ...service(['primary', 'replica'], classes), members: [{ memberId: 'primary' }, { memberId: 'replica', takesWrites: false }] };
    const one = recommendRouting(database, outlook([member('primary', 95), member('replica', 5)], { write: 0.4, read: 0.6 }), null, { ...DEFAULT_ROUTING_POLICY, minimumMembers: 1 }, NOW);
    expect(one).toMatchObject({ recommendation: { classes: [{ weights: { primary: 100, replica: 0 } }, { weights: { primary: 0, replica: 100 } }] } });
  });

  it('keeps two members for every class though only one is cool', () => {
    const { classes } = routed(service(), outlook([member('a', 95), member('b', 90), member('c', 20)]));
    for (const { weights } of classes) expect(Object.values(weights).filter((weight) => weight > 0).length).toBeGreaterThanOrEqual(2);
  });

  it('does not come and go at a threshold, and makes no change that is not worth it', () => {
    const first = routed(service(), outlook([member('a', 90), member('b', 30), member('c', 30)]));
    const again = recommend(service(), outlook([member('a', 80), member('b', 31), member('c', 30)]), first, NOW + 120_000);
    expect(again).toMatchObject({ kind: 'route', changed: false, recommendation: { classes: first.classes, untilMs: NOW + 120_000 + 300_000 } });
    const full = routed(service(), outlook([member('a', 95), member('b', 40), member('c', 40)]));
    expect(recommend(service(), outlook([member('a', 88), member('b', 40), member('c', 38)]), full)).toMatchObject({ changed: false, recommendation: { classes: full.classes } });
    expect(recommend(service(), outlook([member('a', 69), member('b', 41), member('c', 40)]), first)).toMatchObject({ kind: 'release' });
  });

  it('ends with the forecast it comes from, and is none after that', () => {
    const seen = outlook([member('a', 95), member('b', 40), member('c', 40)]);
    expect(recommend(service(), seen, null, NOW + 400_000)).toMatchObject({ recommendation: { untilMs: NOW + 540_000 } });
    expect(recommend(service(), seen, null, NOW + 540_000)).toMatchObject({ kind: 'release', why: [expect.stringMatching(/the forecast has ended/)] });
  });

  it('does not take for calm what routing has taken from a member, while the forecast that it began with reaches', () => {
    const before = outlook([member('a', 90), member('b', 30)]);
    const moved = { ...outlook([member('a', 50), member('b', 70)]), atMs: before.atMs + 60_000 };
    expect(outlookWhileRouted(before, moved, 0.9).members.map(({ load }) => load.at(-1)?.value)).toEqual([90, 30]);
    const more = { ...outlook([member('a', 100), member('b', 80)]), atMs: before.atMs + 60_000 };
    expect(outlookWhileRouted(before, more, 0.9).members.map(({ load }) => load.at(-1)?.value)).toEqual([135, 45]);
    const later = { ...moved, atMs: before.atMs + before.horizonMs };
    expect(outlookWhileRouted(before, later, 0.9)).toBe(later);
    expect(outlookWhileRouted(null, moved, 0.9)).toBe(moved);
  });

  it('never sends a class to nobody, turns away nothing of high priority, and gives no write to who takes none', () => {
    const load = fc.double({ min: 0, max: 300, noNaN: true });
    const one = fc.record({ capacity: fc.double({ min: 0, max: 200, noNaN: true }), load, other: load, leaving: fc.boolean(), takesWrites: fc.boolean() });
    const classOf = fc.record({ priority: fc.constantFrom('high' as const, 'normal' as const, 'low' as const), access: fc.constantFrom('any' as const, 'read' as const, 'write' as const) });
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 6 }), fc.array(classOf, { minLength: 1, maxLength: 4 }), (members, kinds) => {
        const classes = kinds.map((kind, i) => ({ name: `c${i}`, ...kind }));
        const of = { ...service(members.map((_, i) => `m${i}`), classes), members: members.map(({ takesWrites }, i) => ({ memberId: `m${i}`, takesWrites: takesWrites || i === 0 })) };
        const shares = Object.fromEntries(classes.map(({ name }) => [name, 1 / classes.length]));
        const decision = recommend(of, outlook(members.map((m, i) => member(`m${i}`, m.load, { capacity: m.capacity, otherLoad: m.other, leaving: m.leaving })), shares));
        if (decision.kind === 'release') return;
        for (const routing of decision.recommendation.classes) {
          const weights = Object.values(routing.weights);
          expect(weights.every((weight) => Number.isInteger(weight) && weight >= 0 && weight <= 100)).toBe(true);
          expect(Math.max(...weights)).toBe(100);
          const kind = classes.find(({ name }) => name === routing.name);
          expect(routing.shedRatio).toBeLessThanOrEqual(kind?.priority === 'high' ? 0 : 0.9);
          if (kind?.access === 'write') for (const { memberId, takesWrites } of of.members) if (!takesWrites) expect(routing.weights[memberId]).toBe(0);
        }
      }),
      { numRuns: 300 },
    );
  });
});
