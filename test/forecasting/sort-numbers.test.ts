import fc from 'fast-check';
import { distinctValues } from '../../src/forecasting/distinct-values';
import { smallest } from '../../src/forecasting/rules/smallest';
import { sortNumbers } from '../../src/forecasting/sort-numbers';

const loads = fc.array(fc.oneof(fc.integer({ min: 0, max: 5 }), fc.double({ min: -1e18, max: 1e18, noNaN: true })), { minLength: 1, maxLength: 600 });

describe('sorting numbers', () => {
  it('agrees with the comparison sort, whatever the sizes, repeats and outliers', () => {
    fc.assert(fc.property(loads, (values) => expect([...sortNumbers(Float64Array.from(values))].map((value) => value + 0)).toEqual(values.toSorted((a, b) => a - b).map((value) => value + 0))));
  });

  it('bears a spread beyond the largest number', () => {
    expect([...sortNumbers(Float64Array.of(1e308, -1e308, 0))]).toEqual([-1e308, 0, 1e308]);
  });
});

it('selecting the k-th smallest agrees with sorting, and leaves the values as they were', () => {
  fc.assert(
    fc.property(loads, fc.nat(), (values, at) => {
      const row = Float64Array.from(values);
      const rank = 1 + (at % values.length);
      expect(smallest(row, rank) + 0).toBe((values.toSorted((a, b) => a - b)[rank - 1] as number) + 0);
      expect([...row]).toEqual(values);
    }),
  );
});

it('distinct values are those of a set, in its order, and as many as are asked for', () => {
  fc.assert(
    fc.property(loads, fc.nat({ max: 20 }), (values, most) => {
      const all = [...new Set(values)].map((value) => value + 0);
      expect([...distinctValues(Float64Array.from(values))].map((value) => value + 0)).toEqual(all);
      expect([...distinctValues(Float64Array.from(values), most)].map((value) => value + 0)).toEqual(all.slice(0, most));
    }),
  );
});
