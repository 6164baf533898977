import { HISTORY_LENGTH, interquartileRange, localRegression, medianAbsoluteDeviation, rememberedPeak, threshold, type HostLoad } from '../../../src/simulation/planetlab/overload-detectors';

/** A load with a past, newest first. */
const load = (demandRatio: number, past: readonly number[] = []): HostLoad => {
  const history = new Float64Array(HISTORY_LENGTH);
  history.set(past);
  return { demandRatio, history, known: past.length };
};
const twelve = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.2, 0.4, 0.6];

describe('an overload detector', () => {
  it('by threshold fires above it, not at it', () => {
    expect([0.8, 0.81].map((ratio) => threshold(0.8)(load(ratio)))).toEqual([false, true]);
  });

  it.each([
    ['interquartile range', interquartileRange(1.5)],
    ['median absolute deviation', medianAbsoluteDeviation(2.5)],
    ['local regression', localRegression(1.2)],
  ])('by %s falls back to 70 %% while the past is too short', (_, detector) => {
    expect([0.69, 0.71].map((ratio) => detector(load(ratio, [0.1, 0.9])))).toEqual([false, true]);
  });

  it('by interquartile range lowers the limit by one and a half times the middle half', () => {
    // Third and tenth of twelve, rising: 0.2 and 0.7.
    expect([0.24, 0.26].map((ratio) => interquartileRange(1.5)(load(ratio, twelve)))).toEqual([false, true]);
  });

  it('by median absolute deviation lowers the limit by two and a half times that', () => {
    // Median 0.45; its deviations have the median 0.2.
    expect([0.49, 0.51].map((ratio) => medianAbsoluteDeviation(2.5)(load(ratio, twelve)))).toEqual([false, true]);
  });

  it('by remembered peak fires on the load now as on any that it remembers', () => {
    expect([load(0.91), load(0.1, [0.2, 0.91, 0.3]), load(0.9, [0.9])].map(rememberedPeak(0.9))).toEqual([true, true, false]);
  });

  it('by local regression looks at where the line of the last ten loads goes, not at the load now', () => {
    const rising = Array.from({ length: 10 }, (_, age) => 0.8 - 0.05 * age);
    expect(localRegression(1.2)(load(0.1, rising))).toBe(true);
    expect(localRegression(1.2)(load(0.99, [...rising].reverse()))).toBe(false);
  });
});
