import { createRandomStream, nextNormal } from '../../../src/domain/seeded-random';
import { STANDARD_LEVELS } from '../../../src/forecasting/forecast-model';
import type { ChildForecast } from '../../../src/forecasting/hierarchy/child-forecast';
import { sumForecasts, type LocalitySum } from '../../../src/forecasting/hierarchy/sum-forecasts';

const DAY = 48;
const OPTIONS = { horizon: 2, levels: STANDARD_LEVELS, dayLength: DAY, bounds: { lower: 0, upper: 100 }, seed: 1 };
/** Quantiles of the standard normal distribution at the 19 standard levels. */
const NORMAL = [1.6449, 1.2816, 1.0364, 0.8416, 0.6745, 0.5244, 0.3853, 0.2533, 0.1257];
const ROW = [...NORMAL.map((z) => -z), 0, ...NORMAL.toReversed()].map((z) => 50 + 5 * z);
const FORECAST = { quantiles: [ROW, ROW], mean: [50, 50], peak: ROW.map((value) => value + 3) };

function child(id: string, history: readonly (number | null)[], more: Partial<ChildForecast> = {}): ChildForecast {
  return { id, localities: ['pool/web', 'zone/a'], weight: 0.04, capacity: 100, forecast: FORECAST, history, ...more };
}

type Draw = (random: () => number) => number[];
const CHILDREN = 12;
/** One moment's deviations of all children. */
const DRAWS: Readonly<Record<string, Draw>> = {
  independent: (random) => Array.from({ length: CHILDREN }, () => 5 * nextNormal(random)),
  'driven by a common factor': (random) => {
    const common = nextNormal(random);
    return Array.from({ length: CHILDREN }, () => 5 * (Math.sqrt(0.7) * common + Math.sqrt(0.3) * nextNormal(random)));
  },
  'anti-correlated in pairs': (random) => {
    const half = Array.from({ length: CHILDREN / 2 }, () => nextNormal(random));
    return [...half, ...half.map((one) => -0.9 * one + Math.sqrt(0.19) * nextNormal(random))].map((one) => 5 * one);
  },
};

/** How often the truth of the sum stayed below its 0.9 quantile by each way, over many moments. */
function coverage(draw: Draw): { shuffled: number; added: number; independent: number } {
  const random = createRandomStream(11);
  const trials = 60;
  const truths = 25;
  const below = { shuffled: 0, added: 0, independent: 0 };
  for (let trial = 0; trial < trials; trial++) {
    const rows = Array.from({ length: 6 * DAY }, () => draw(random));
    const children = Array.from({ length: CHILDREN }, (_, c) => child(`i-${c}`, rows.map((row) => 50 + (row[c] as number)), { weight: 1 }));
    const [sum] = sumForecasts(children, { ...OPTIONS, seed: trial });
    const limits = { shuffled: sum?.quantiles[0]?.[17] as number, added: CHILDREN * (ROW[17] as number), independent: CHILDREN * 50 + 5 * 1.2816 * Math.sqrt(CHILDREN) };
    for (let i = 0; i < truths; i++) {
      const truth = draw(random).reduce((total, one) => total + 50 + one, 0);
      for (const way of ['shuffled', 'added', 'independent'] as const) below[way] += truth <= limits[way] ? 1 / (trials * truths) : 0;
    }
  }
  return below;
}

describe('the sum of forecasts', () => {
  it.each(Object.entries(DRAWS))('holds its 0.9 quantile as often as it should for children %s', (_, draw) => {
    const { shuffled } = coverage(draw);
    expect(shuffled).toBeGreaterThan(0.865);
    expect(shuffled).toBeLessThan(0.93);
  });

  it('does so where adding quantiles or taking children for independent does not', () => {
    expect(coverage(DRAWS['independent'] as Draw).added).toBeGreaterThan(0.99);
    expect(coverage(DRAWS['driven by a common factor'] as Draw).independent).toBeLessThan(0.7);
    const { added, independent } = coverage(DRAWS['anti-correlated in pairs'] as Draw);
    expect(Math.min(added, independent)).toBeGreaterThan(0.97);
  });

  const noise = (seed: number, length = 6 * DAY) => {
    const random = createRandomStream(seed);
    return Array.from({ length }, () => 50 + 5 * nextNormal(random));
  };
  const numbersOf = ({ quantiles, mean, peak }: LocalitySum) => [...quantiles.flat(), ...mean, ...peak];

  it('has exactly the sum of the means, in the unit of the weights, and a peak not below any step', () => {
    const [pool] = sumForecasts([child('i-1', noise(1), { weight: 0.02 }), child('i-2', noise(2), { weight: 0.08 })], OPTIONS);
    expect(pool?.mean).toEqual([0.02 * 50 + 0.08 * 50, 0.02 * 50 + 0.08 * 50]);
    pool?.peak.forEach((value, l) => expect(value).toBeGreaterThanOrEqual(Math.max(...pool.quantiles.map((row) => row[l] as number))));
  });

  it('sums each child into every locality that it names, and one locality alone as its child', () => {
    const sums = sumForecasts([child('i-1', noise(1)), child('i-2', noise(2), { localities: ['pool/api', 'zone/a'] })], OPTIONS);
    expect(sums.map(({ locality, children }) => [locality, children])).toEqual([['pool/web', 1], ['zone/a', 2], ['pool/api', 1]]);
    sums[0]?.quantiles[0]?.forEach((value, l) => expect(Math.abs(value - 0.04 * (ROW[l] as number))).toBeLessThan(0.02));
    sums[0]?.peak.forEach((value, l) => expect(value).toBeCloseTo(0.04 * (FORECAST.peak[l] as number), 6));
  });

  it("keeps what children's peaks lie beyond their paths where they move together, and less where they do not", () => {
    const premiumOf = (histories: readonly (readonly number[])[]) => {
      const sumWith = (beyond: number) => {
        const children = histories.map((history, c) => child(`i-${c}`, history, { weight: 1, forecast: { ...FORECAST, peak: ROW.map((value) => value + beyond) } }));
        return sumForecasts(children, OPTIONS)[0]?.peak[17] as number;
      };
      return (sumWith(30) - sumWith(20)) / histories.length;
    };
    expect(premiumOf([noise(1), noise(1), noise(1)])).toBeCloseTo(10, 6);
    expect(premiumOf([noise(1), noise(2), noise(3)])).toBeLessThan(7.5);
  });

  it('is the same for the same seed, also with idle children', () => {
    const children = [child('i-1', new Array<number>(6 * DAY).fill(0)), child('i-2', noise(2))];
    expect(sumForecasts(children, OPTIONS)).toEqual(sumForecasts(children, OPTIONS));
  });

  it('takes a new instance for one of its pool, the less so the more it has shown', () => {
    const busy = { quantiles: [ROW.map((value) => value + 30), ROW.map((value) => value + 30)], mean: [80, 80], peak: ROW.map((value) => value + 33) };
    const meanWith = (steps: number) => {
      const [pool] = sumForecasts([...[1, 2, 3, 4].map((s) => child(`i-${s}`, noise(s))), child('i-new', noise(9, steps), { forecast: busy })], OPTIONS);
      return { mean: ((pool?.mean[0] as number) - 8) / 0.04, borrowed: pool?.borrowed };
    };
    const young = meanWith(DAY / 2);
    expect(young.mean).toBeCloseTo(0.25 * 80 + 0.75 * 50, 6);
    expect(young.borrowed).toEqual(['i-new']);
    expect(meanWith(DAY).mean).toBeCloseTo(65, 6);
    expect(meanWith(2 * DAY)).toEqual({ mean: expect.closeTo(80, 6) as number, borrowed: [] });
  });

  it('takes the pool for a child that could not be forecast, scaled to its size, and states one without any', () => {
    const [pool, zone, lonely] = sumForecasts([child('i-1', noise(1)), child('i-2', [], { forecast: null, capacity: 200 }), child('i-3', [], { forecast: null, localities: ['pool/new'] })], OPTIONS);
    expect(pool).toMatchObject({ children: 2, borrowed: ['i-2'], missing: [] });
    expect(pool?.mean[0]).toBeCloseTo(0.04 * 50 + 0.04 * 100, 6);
    expect(zone?.children).toBe(2);
    expect(lonely).toMatchObject({ locality: 'pool/new', children: 0, missing: ['i-3'] });
  });

  it('lets all children move together where there is no joint past, and says so', () => {
    const [pool] = sumForecasts([child('i-1', [50, 51]), child('i-2', [50, 49])], OPTIONS);
    expect(pool?.notes).toEqual(['too little joint past to tell what moves together: all children are taken to']);
    expect(pool?.quantiles[0]?.[17]).toBeCloseTo(0.08 * (ROW[17] as number), 1);
  });

  it('bears gaps and never gives a NaN', () => {
    const gaps = noise(3).map((value, i) => (i % 7 === 0 || i < DAY ? null : value));
    const sums = sumForecasts([child('i-1', gaps), child('i-2', new Array<null>(6 * DAY).fill(null)), child('i-3', noise(4))], OPTIONS);
    sums.push(...sumForecasts([child('i-2', new Array<null>(6 * DAY).fill(null))], OPTIONS));
    for (const sum of sums) expect(numbersOf(sum).every(Number.isFinite)).toBe(true);
  });

  it('sums a thousand children', () => {
    const histories = Array.from({ length: 20 }, (_, s) => noise(s, 14 * DAY));
    const sums = sumForecasts(Array.from({ length: 1000 }, (_, c) => child(`i-${c}`, histories[c % 20] as number[])), OPTIONS);
    expect(sums[1]).toMatchObject({ locality: 'zone/a', children: 1000, missing: [] });
    expect(sums[1]?.mean[0]).toBeCloseTo(2000, 6);
  });
});
