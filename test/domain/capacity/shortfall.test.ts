import fc from 'fast-check';
import { demandOfReplicas, type ServiceDemand } from '../../../src/domain/capacity/demand';
import { holdLadder } from '../../../src/domain/capacity/hold-ladder';
import { reportHold } from '../../../src/domain/capacity/hold-report';
import { isNothing, shortfallOver, uncarried } from '../../../src/domain/capacity/shortfall';
import { surplusOf } from '../../../src/domain/capacity/surplus';

const HOUR_MS = 3_600_000;
const path = (vcpus: number[], memoryMiB = vcpus.map(() => 0)) => ({ startAtMs: 0, stepMs: HOUR_MS, vcpus, memoryMiB });

describe('what a pool lacks in a window', () => {
  const within = { fromMs: HOUR_MS, untilMs: 3 * HOUR_MS, targetUtilizationRatio: 0.5 };

  it('is the forecast beyond what may be used of the allocation, at its highest, from the first time that there is any', () => {
    expect(shortfallOver(path([9, 1, 3, 9]), { vcpus: 4, memoryMiB: 0 }, within)).toEqual({ needFromMs: 2 * HOUR_MS, amounts: { vcpus: 1, memoryMiB: 0 } });
    expect(shortfallOver(path([0, 0, 0], [0, 700, 600]), { vcpus: 4, memoryMiB: 1000 }, within)).toEqual({ needFromMs: HOUR_MS, amounts: { vcpus: 0, memoryMiB: 200 } });
  });

  it('is nothing where the allocation holds it, or where only other times lack', () => {
    expect(shortfallOver(path([9, 2, 2, 9]), { vcpus: 4, memoryMiB: 0 }, within)).toEqual({ needFromMs: null, amounts: { vcpus: 0, memoryMiB: 0 } });
    expect(shortfallOver(path([]), { vcpus: 0, memoryMiB: 0 }, within).needFromMs).toBeNull();
  });

  it('begins no earlier than the window, also in the middle of a step', () => {
    expect(shortfallOver(path([9, 9]), { vcpus: 0, memoryMiB: 0 }, { ...within, fromMs: HOUR_MS / 2 }).needFromMs).toBe(HOUR_MS / 2);
  });
});

describe('what is held too much', () => {
  const held = fc.array(fc.record({ vcpus: fc.constantFrom(1, 2, 4, 8), memoryMiB: fc.constantFrom(2048, 8192), usdPerHour: fc.constantFrom(0.1, 0.2, 0.3), sinceMs: fc.nat(5) }), { maxLength: 8 });

  it('never is what the demand needs, and nothing of it is left but what keeps a margin', () => {
    fc.assert(
      fc.property(held, fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 30_000 }), (all, vcpus, memoryMiB) => {
        const demand = { vcpus, memoryMiB };
        const surplus = surplusOf(all, demand, 0.7);
        const rest = all.filter((one) => !surplus.includes(one));
        if (surplus.length > 0) expect(isNothing(uncarried(demand, rest, 0.7))).toBe(true);
        expect(surplusOf(rest, demand, 0.7)).toEqual([]);
      }),
    );
  });

  it('is the dearest, then the newest', () => {
    const one = (usdPerHour: number, sinceMs: number) => ({ vcpus: 2, memoryMiB: 8192, usdPerHour, sinceMs });
    expect(surplusOf([one(0.1, 0), one(0.2, 0), one(0.1, 5)], { vcpus: 1, memoryMiB: 0 }, 0.7)).toEqual([one(0.2, 0), one(0.1, 5)]);
  });
});

describe('the demand of new replicas', () => {
  const service: ServiceDemand = { peak: { vcpus: 6, memoryMiB: 6000 }, average: { vcpus: 3, memoryMiB: 3000 }, instances: 2, allocated: { vcpus: 4, memoryMiB: 32_000 }, usdPerHour: 0.2, instancesByZone: {}, forecasts: [] };

  it('is what the present instances may not carry, and at least an even share', () => {
    const { peak, average } = demandOfReplicas(service, { replicas: 1, targetUtilizationRatio: 0.5 });
    expect(peak).toEqual({ vcpus: 4, memoryMiB: 2000 });
    expect(average).toEqual({ vcpus: 1, memoryMiB: 1000 });
  });

  it('is all of it where there is nobody else', () => {
    expect(demandOfReplicas({ ...service, instances: 0, allocated: { vcpus: 0, memoryMiB: 0 } }, { replicas: 3, targetUtilizationRatio: 0.7 }).peak).toEqual({ vcpus: 6, memoryMiB: 6000 });
  });
});

describe('the ladder of held capacity', () => {
  const options = ['large', 'xlarge'].map((shape) => ({ shape, count: 1, usdPerHour: 1, spotUsdPerHour: null, vcpus: 2, memoryMiB: 1, why: '' }));
  const zones = ['a', 'b'].map((zone) => ({ zone, subnetId: zone, offeredShapes: zone === 'a' ? ['large', 'xlarge'] : ['large'] }));

  it('is other shapes of the target zone before other zones, in the order in which they are named', () => {
    expect(holdLadder(options, zones, undefined).map(({ shape, zone, rung }) => `${shape} in ${zone}: ${rung}`)).toEqual(['large in a: best', 'xlarge in a: other shape', 'large in b: other zone']);
    expect(holdLadder(options, zones, ['b', 'a', 'c']).map(({ shape, zone }) => `${shape} in ${zone}`)).toEqual(['large in b', 'large in a', 'xlarge in a']);
  });
});

describe("a hold's report", () => {
  it('counts what was paid while nothing ran in it, and what of it was paid for other than the best', () => {
    const spans = [
      { usdPerHour: 0.3, bestUsdPerHour: 0.2, sinceMs: 0, untilMs: 2 * HOUR_MS },
      { usdPerHour: 0.1, bestUsdPerHour: 0.1, sinceMs: HOUR_MS, untilMs: null },
    ];
    const report = reportHold(spans, [{ wouldHaveFailed: true }, { wouldHaveFailed: false }, { wouldHaveFailed: null }], 3 * HOUR_MS);
    expect(report).toEqual({ holdUsd: expect.closeTo(0.8), premiumUsd: expect.closeTo(0.2), handedOver: 3, refusalsAvoided: 1 });
  });
});
