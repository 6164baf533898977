import fc from 'fast-check';
import { packDay, unpackDay } from '../../../src/adapters/postgres/day-block';

const bitsOf = (values: Float64Array): bigint[] => Array.from(new BigUint64Array(values.slice().buffer));

describe('a day of values, packed', () => {
  it('comes back bit by bit, gaps and all', () => {
    const value = fc.oneof(fc.double({ noNaN: true }), fc.constant(NaN), fc.constant(-0), fc.integer());
    fc.assert(
      fc.property(fc.array(value, { minLength: 288, maxLength: 288 }), (values) => {
        const day = Float64Array.from(values);
        expect(bitsOf(unpackDay(packDay(day), 288))).toEqual(bitsOf(day));
      }),
      { numRuns: 50 },
    );
  });

  it('takes a few bytes for idle load, and less than four rows of a page leave for noise in every digit', () => {
    expect(packDay(new Float64Array(288).fill(0.42)).length).toBeLessThan(60);
    const noise = Float64Array.from({ length: 288 }, (_, i) => 40 + 20 * Math.sin(i * 12.9898 + (i % 7) / 3));
    expect(packDay(noise).length).toBeLessThan(1996);
  });

  it('is refused where it does not hold as many values as it should', () => {
    expect(() => unpackDay(packDay(new Float64Array(288)), 1440)).toThrow('a day of values has 2304 bytes; expected 11520');
  });

  it('is refused where a later version packed it', () => {
    expect(() => unpackDay(Buffer.of(9, 1, 2), 288)).toThrow('packed in a way (9) that this version does not know');
  });
});
