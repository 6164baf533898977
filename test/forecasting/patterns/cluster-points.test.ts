import fc from 'fast-check';
import { createRandomStream } from '../../../src/domain/seeded-random';
import { clusterPoints } from '../../../src/forecasting/patterns/cluster-points';

const around = (centre: readonly number[], count: number, seed: number): Float64Array[] => {
  const random = createRandomStream(seed);
  return Array.from({ length: count }, () => Float64Array.from(centre, (value) => value + random() - 0.5));
};

test('finds as many groups as there are, and puts every point with its neighbours', () => {
  const points = [...around([0, 0], 20, 1), ...around([10, 0], 20, 2), ...around([0, 10], 20, 3)];
  const { groupOf, groups, silhouette } = clusterPoints(points, 8, 1);
  expect(groups).toBe(3);
  expect(silhouette).toBeGreaterThan(0.9);
  for (const from of [0, 20, 40]) expect(new Set(groupOf.slice(from, from + 20)).size).toBe(1);
  expect(new Set(groupOf).size).toBe(3);
});

test('points without structure, and fewer than three, are one group', () => {
  expect(clusterPoints(around([5], 1, 1), 8, 1)).toEqual({ groupOf: [0], groups: 1, silhouette: 0 });
  expect(clusterPoints(Array.from({ length: 9 }, () => Float64Array.of(1, 2)), 8, 1).groups).toBe(1);
  expect(clusterPoints([], 8, 1)).toEqual({ groupOf: [], groups: 1, silhouette: 0 });
});

test('every group has a point, numbers have no gap, and the same seed gives the same groups', () => {
  const points = fc.array(fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 2, maxLength: 2 }).map((values) => Float64Array.from(values)), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(points, fc.integer(), (some, seed) => {
      const found = clusterPoints(some, 5, seed);
      expect(new Set(found.groupOf)).toEqual(new Set(Array.from({ length: found.groups }, (_, i) => i)));
      expect(clusterPoints(some, 5, seed)).toEqual(found);
      expect(Number.isFinite(found.silhouette)).toBe(true);
    }),
  );
});
