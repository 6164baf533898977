import { createShapeDistance } from '../../../src/forecasting/anomaly/shape-distance';

/** The distance after the last of some values. */
const distanceAfter = (values: readonly number[]): number => {
  const shape = createShapeDistance();
  return values.reduce((_, value) => shape.observe(value), 0);
};
const squares = (rows: number, period: number): number[] => Array.from({ length: rows }, (_, i) => (i % period < period / 2 ? 0 : 10));

describe('the distance to the nearest shape of the past', () => {
  it('is nothing while there is no past, and where the past repeats', () => {
    expect(distanceAfter(squares(150, 64))).toBe(0);
    expect(distanceAfter(squares(640, 64))).toBe(0);
  });

  it('is the mean distance of the points of a shape that never was', () => {
    expect(distanceAfter([...new Array<number>(500).fill(0), ...new Array<number>(96).fill(6)])).toBeCloseTo(6);
    expect(distanceAfter([...new Array<number>(500).fill(0), ...new Array<number>(48).fill(6)])).toBeCloseTo(3);
  });

  it('does not take the latest values for their own past', () => {
    const rising = Array.from({ length: 500 }, (_, i) => i);
    expect(distanceAfter(rising)).toBeGreaterThanOrEqual(96);
  });

  it('forgets shapes after a week of 5-minute data', () => {
    const steep = new Array<number>(200).fill(9);
    const quiet = (rows: number): number[] => new Array<number>(rows).fill(0);
    expect(distanceAfter([...steep, ...quiet(1700), ...steep.slice(0, 96)])).toBe(0);
    expect(distanceAfter([...steep, ...quiet(2300), ...steep.slice(0, 96)])).toBeCloseTo(9);
  });
});
