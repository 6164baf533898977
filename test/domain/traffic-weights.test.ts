import fc from 'fast-check';
import { sameWeights, splitRouteWeights } from '../../src/domain/traffic-weights';
import type { TrafficSplit } from '../../src/domain/traffic-weights';
import type { WeightedTarget } from '../../src/domain/source-snapshot';

const route = (forward: readonly WeightedTarget[]) => ({ kind: 'rule' as const, arn: 'rule', forward });
const split = (over: Partial<TrafficSplit> = {}): TrafficSplit => ({ poolArn: 'pool', sourceArn: 'source', shadowArn: 'shadow', poolTargets: 1, shadowPercent: 50, ...over });
const weightOf = (targets: readonly WeightedTarget[], arn: string): number => targets.find(({ targetGroupArn }) => targetGroupArn === arn)?.weight ?? NaN;
const sum = (targets: readonly WeightedTarget[]): number => targets.reduce((total, { weight }) => total + weight, 0);

const anyRoute = fc.record({
  pool: fc.integer({ min: 1, max: 999 }),
  others: fc.array(fc.integer({ min: 0, max: 999 }), { maxLength: 3 }),
});
const anySplit = fc.record({ poolTargets: fc.integer({ min: 0, max: 20 }), shadowPercent: fc.integer({ min: 0, max: 100 }) });
const forwardOf = ({ pool, others }: { pool: number; others: readonly number[] }): WeightedTarget[] => [
  { targetGroupArn: 'pool', weight: pool },
  ...others.map((weight, i) => ({ targetGroupArn: `other-${i}`, weight })),
];

describe('the split of a route', () => {
  it('moves half of the source\'s share, and of the pool\'s nothing', () => {
    const targets = splitRouteWeights(route([{ targetGroupArn: 'pool', weight: 1 }]), split({ poolTargets: 2 }));
    expect(targets).toEqual([
      { targetGroupArn: 'pool', weight: 999 },
      { targetGroupArn: 'source', weight: 250 },
      { targetGroupArn: 'shadow', weight: 250 },
    ]);
  });

  it('of a first step of 1 % among twenty targets still gives the shadow something', () => {
    expect(weightOf(splitRouteWeights(route([{ targetGroupArn: 'pool', weight: 1 }]), split({ poolTargets: 19, shadowPercent: 1 })), 'shadow')).toBeGreaterThanOrEqual(1);
  });

  it('of a pool with weight 0 sends nothing anywhere new', () => {
    const targets = splitRouteWeights(route([{ targetGroupArn: 'pool', weight: 0 }, { targetGroupArn: 'other', weight: 5 }]), split());
    expect(targets.filter(({ weight }) => weight > 0).map(({ targetGroupArn }) => targetGroupArn)).toEqual(['other']);
  });

  it('is always what ELBv2 takes: whole numbers from 0 to 999, not all 0, each group once', () => {
    fc.assert(
      fc.property(anyRoute, anySplit, (weights, over) => {
        const targets = splitRouteWeights(route(forwardOf(weights)), split(over));
        for (const { weight } of targets) expect(Number.isInteger(weight) && weight >= 0 && weight <= 999).toBe(true);
        expect(sum(targets)).toBeGreaterThan(0);
        expect(new Set(targets.map(({ targetGroupArn }) => targetGroupArn)).size).toBe(targets.length);
      }),
    );
  });

  it('gives 0 where 0 is asked for and something where anything is', () => {
    fc.assert(
      fc.property(anyRoute, anySplit, (weights, over) => {
        const targets = splitRouteWeights(route(forwardOf(weights)), split(over));
        expect(weightOf(targets, 'shadow') > 0).toBe(over.shadowPercent > 0);
        expect(weightOf(targets, 'source') > 0).toBe(over.shadowPercent < 100);
        expect(weightOf(targets, 'pool') > 0).toBe(over.poolTargets > 0);
      }),
    );
  });

  it('keeps every group\'s share, but for rounding', () => {
    fc.assert(
      fc.property(anyRoute, anySplit, (weights, over) => {
        const forward = forwardOf(weights);
        const targets = splitRouteWeights(route(forward), split(over));
        // Each of at most six weights is off by less than 1, on a scale whose highest weight is 999.
        const tolerance = 6 / 999;
        for (const { targetGroupArn, weight } of forward.slice(1)) {
          expect(Math.abs(weightOf(targets, targetGroupArn) / sum(targets) - weight / sum(forward))).toBeLessThan(tolerance);
        }
        const poolShare = (weightOf(targets, 'pool') + weightOf(targets, 'source') + weightOf(targets, 'shadow')) / sum(targets);
        expect(Math.abs(poolShare - weights.pool / sum(forward))).toBeLessThan(tolerance);
        const shadowShare = (weights.pool / sum(forward)) * (over.shadowPercent / 100 / (over.poolTargets + 1));
        expect(Math.abs(weightOf(targets, 'shadow') / sum(targets) - shadowShare)).toBeLessThan(tolerance);
      }),
    );
  });
});

describe('weights that were read back', () => {
  const a = { targetGroupArn: 'a', weight: 1 };
  const b = { targetGroupArn: 'b', weight: 2 };
  it('are the same in any order, and not when one differs or is missing', () => {
    expect(sameWeights([a, b], [b, a])).toBe(true);
    expect(sameWeights([a, b], [a, { ...b, weight: 3 }])).toBe(false);
    expect(sameWeights([a, b], [a])).toBe(false);
  });
});
