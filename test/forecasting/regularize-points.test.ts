import { fillGaps } from '../../src/forecasting/fill-gaps';
import { regularizePoints } from '../../src/forecasting/regularize-points';

const minute = 60_000;

describe('points on a grid', () => {
  it('are sorted, averaged where they coincide and gaps where there are none', () => {
    const points = [
      { atMs: 20 * minute, value: 5 },
      { atMs: 0, value: 1 },
      { atMs: 5 * minute + 900, value: 3 },
      { atMs: 5 * minute, value: 2 },
      { atMs: 15 * minute, value: null },
    ];
    const series = regularizePoints(points, { id: 's', stepMs: 5 * minute });
    expect(series).toEqual({ id: 's', startAtMs: 0, stepMs: 5 * minute, values: [1, 2.5, null, null, 5] });
  });

  it('take the usual distance as the step', () => {
    const points = [0, 300, 605, 900, 1500].map((seconds) => ({ atMs: seconds * 1000, value: 1 }));
    expect(regularizePoints(points, { id: 's' }).values).toEqual([1, 1, 1, 1, null, 1]);
  });

  it('are refused with the field named', () => {
    expect(() => regularizePoints([], { id: 's' })).toThrow('points: there is no point');
    expect(() => regularizePoints([{ atMs: NaN, value: 1 }], { id: 's' })).toThrow('points[0].atMs');
    expect(() => regularizePoints([{ atMs: 0, value: 1e308 }], { id: 's' })).toThrow('points[0].value');
    expect(() => regularizePoints([{ atMs: 0, value: 1 }, { atMs: 1e15, value: 1 }], { id: 's', stepMs: 1 })).toThrow('make');
  });
});

it('gaps are bridged: short ones by a line, long ones by yesterday, the ends by the nearest value', () => {
  expect(Array.from(fillGaps([null, 1, null, 3, null], 100).values)).toEqual([1, 1, 2, 3, 3]);
  const long = [...Array.from({ length: 12 }, (_, i) => i), 50, ...new Array<null>(8).fill(null), 60];
  expect(Array.from(fillGaps(long, 12).values).slice(13, 21)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});
