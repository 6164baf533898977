import { createRandomStream } from '../../../src/domain/seeded-random';
import { bestTrial, searchByParzen, type Dimension, type Point } from '../../../src/forecasting/tuning/tree-parzen';

const SPACE: readonly Dimension[] = [
  { name: 'x', low: -5, high: 10, logarithmic: false },
  { name: 'y', low: 0, high: 15, logarithmic: false },
];
/** Branin's function, a standard of global optimisation: three minima of 0.398. */
const branin = ({ x = 0, y = 0 }: Point): number => (y - (5.1 * x * x) / (4 * Math.PI ** 2) + (5 * x) / Math.PI - 6) ** 2 + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10;
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
const SEEDS = Array.from({ length: 21 }, (_, i) => i + 1);

describe('the Parzen search', () => {
  it('comes nearer to the minimum than a random search that asks as often, in the median over seeds', async () => {
    const trials = 40;
    const found = await Promise.all(SEEDS.map(async (seed) => bestTrial(await searchByParzen(SPACE, async (point) => branin(point), { trials, seed })).loss));
    const atRandom = SEEDS.map((seed) => {
      const random = createRandomStream(1000 + seed);
      return Math.min(...Array.from({ length: trials }, () => branin({ x: -5 + 15 * random(), y: 15 * random() })));
    });
    expect(median(found)).toBeLessThan(0.75 * median(atRandom));
  });

  it('asks for the same points again with the same seed, within the bounds, and first where it is told to', async () => {
    const space = [...SPACE, { name: 'z', low: 0.01, high: 100, logarithmic: true }];
    const search = (seed: number) => searchByParzen(space, async (point) => branin(point) + Math.log(point['z'] ?? 0) ** 2, { trials: 30, seed, start: { x: 1, y: 2, z: 0.5 } });
    const [first, again, other] = [await search(3), await search(3), await search(4)];
    expect(again).toEqual(first);
    expect(other.slice(1)).not.toEqual(first.slice(1));
    expect(first[0]?.point['z']).toBeCloseTo(0.5, 10);
    for (const { point } of first) expect(space.every(({ name, low, high }) => (point[name] ?? NaN) >= low - 1e-9 && (point[name] ?? NaN) <= high + 1e-9)).toBe(true);
  });

  it('goes around places where the function has no value', async () => {
    const trials = await searchByParzen(SPACE, async (point) => ((point['x'] ?? 0) < 2 ? NaN : branin(point)), { trials: 30, seed: 5 });
    expect(bestTrial(trials).point['x']).toBeGreaterThanOrEqual(2);
    expect(() => bestTrial([{ point: {}, loss: NaN }])).toThrow('none of them has a loss');
  });
});
