import { readTrace, useRatioAt } from '../../../src/simulation/planetlab/read-trace';

const row = (value: (i: number) => unknown): string => `vm,${Array.from({ length: 288 }, (_, i) => value(i)).join(',')}`;

describe('a packed PlanetLab day', () => {
  const trace = readTrace(`${row((i) => i % 101)}\n${row(() => 7)}\n`);

  it('gives whole percents as ratios, one VM a line', () => {
    expect(trace.vmCount).toBe(2);
    expect(useRatioAt(trace, 0, 0)).toBe(0);
    expect(useRatioAt(trace, 0, 3 * 300)).toBe(0.03);
    expect(useRatioAt(trace, 1, 300)).toBe(0.07);
  });

  it('lies on the straight line between two samples, and stays at the last one', () => {
    expect(useRatioAt(trace, 0, 3 * 300 + 150)).toBeCloseTo(0.035, 12);
    expect(useRatioAt(trace, 0, 287 * 300 + 100)).toBe((287 % 101) / 100);
  });

  it.each([
    ['nothing', '', /the trace is empty; expected one line a VM/],
    ['a line that is too short', 'vm,1,2', /line 1 has 3 fields; expected 289/],
    ['a blank line', `${row(() => 1)}\n\n${row(() => 1)}`, /line 2 has 1 fields; expected 289/],
    ['more than all', `${row(() => 1)}\n${row((i) => (i === 4 ? 101 : 1))}`, /line 2, v4 is "101"; expected a whole number from 0 to 100/],
    ['a fraction', row((i) => (i === 0 ? 0.5 : 1)), /line 1, v0 is "0.5"/],
    ['an empty field', row((i) => (i === 287 ? '' : 1)), /line 1, v287 is ""/],
  ])('is refused with line and field where it holds %s', (_, text, says) => {
    expect(() => readTrace(text)).toThrow(says);
  });
});
