import { createFrozenRun } from '../../../src/forecasting/anomaly/frozen-run';

/** The rows at which a standstill of these values is unusual. */
const unusualIn = (values: readonly number[]): number[] => {
  const frozen = createFrozenRun();
  return values.flatMap((value, row) => (frozen.observe(value) ? [row] : []));
};
const moving = (rows: number): number[] => Array.from({ length: rows }, (_, i) => i);
const still = (rows: number): number[] => new Array<number>(rows).fill(-1);

describe('a standstill', () => {
  it('is unusual once, after 24 values that do not move where all moved before', () => {
    expect(unusualIn([...moving(300), ...still(200), ...moving(50)])).toEqual([324]);
  });

  it('is unusual at more than twice the longest one before', () => {
    expect(unusualIn([...moving(300), ...still(11), ...moving(50), ...still(200)])).toEqual([361 + 2 * 10 + 24]);
  });

  it('is usual in a stream that never moved, and early in its life', () => {
    expect(unusualIn(still(5000))).toEqual([]);
    expect(unusualIn([...moving(100), ...still(5000)])).toEqual([]);
  });
});
