import { dominatedBy } from '../../infra/bench/shapes/pareto';

const point = (name: string, usd: number, insufficientMinutes: number) => ({ name, usd, insufficientMinutes });

test('a point lies behind another that is as good in one and better in the other, and not behind its equal', () => {
  expect(dominatedBy(point('own', 10, 5), [point('a', 10, 5), point('b', 11, 0), point('c', 9, 6)])).toBeNull();
  expect(dominatedBy(point('own', 10, 5), [point('a', 10, 4)])?.name).toBe('a');
  expect(dominatedBy(point('own', 10, 5), [point('a', 9, 5)])?.name).toBe('a');
});
