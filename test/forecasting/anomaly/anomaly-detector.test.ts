import fc from 'fast-check';
import { createAnomalyDetector } from '../../../src/forecasting/anomaly/anomaly-detector';
import { scoreResiduals } from '../../../src/forecasting/anomaly/score-residuals';
import { scoreValues } from '../../../src/forecasting/anomaly/score-values';

const wave = (i: number): number => 50 + 10 * Math.sin((2 * Math.PI * i) / 48);

describe('the anomaly detector', () => {
  it('does not change a score when the future is cut off', () => {
    const values = fc.array(fc.oneof(fc.double({ noNaN: true, min: -1e18, max: 1e18 }), fc.constant(null), fc.integer({ min: 0, max: 3 })), { maxLength: 300 });
    fc.assert(
      fc.property(values, fc.nat(), (series, cut) => {
        const prefix = series.slice(0, series.length === 0 ? 0 : cut % series.length);
        expect(scoreValues(prefix)).toEqual(scoreValues(series).slice(0, prefix.length));
      }),
    );
  });

  it('answers a number in 0..1 to whatever it takes', () => {
    const values = fc.array(fc.oneof(fc.double({ noNaN: true, min: -1e18, max: 1e18 }), fc.constantFrom(0, 1e18, -1e18, 5e-324, null)), { maxLength: 200 });
    fc.assert(fc.property(values, (series) => scoreValues(series).every((score) => score >= 0 && score <= 1)));
  });

  it('has no anomaly in a series that never moves', () => {
    expect(scoreValues(new Array<number>(2000).fill(7)).every((score) => score === 0)).toBe(true);
  });

  it('scores the first row of a spike, and not each row of it', () => {
    const scores = scoreValues(Array.from({ length: 1200 }, (_, i) => (i >= 1000 && i < 1020 ? 200 : wave(i))));
    expect(scores[1000]).toBeGreaterThan(0.5);
    expect([...scores.slice(1001, 1020)].filter((score) => score >= 0.5)).toEqual([]);
  });

  it('stays as it was where it refuses a value', () => {
    const detector = createAnomalyDetector();
    const twin = createAnomalyDetector();
    for (let i = 0; i < 500; i++) {
      if (i % 50 === 0) for (const bad of [NaN, Infinity, 1e308]) expect(() => detector.observe(bad)).toThrow(/value: /);
      expect(detector.observe(wave(i * 1.1))).toBe(twin.observe(wave(i * 1.1)));
    }
  });

  it('gives a gap no score and learns nothing from it', () => {
    const values = Array.from({ length: 600 }, (_, i) => (i === 550 ? 300 : wave(i)));
    const withGaps = values.flatMap((value) => [value, null]);
    const scores = scoreValues(withGaps);
    expect(scores.filter((_, i) => i % 2 === 0)).toEqual(scoreValues(values));
    expect(scores.filter((_, i) => i % 2 === 1).every((score) => score === 0)).toBe(true);
  });
});

describe('the score of forecast errors', () => {
  const actual = Array.from({ length: 1000 }, (_, i) => (i >= 900 ? 500 : wave(i)));

  it('finds no anomaly where the forecast knew', () => {
    expect(scoreResiduals(actual, actual).every((score) => score === 0)).toBe(true);
  });

  it('finds one where the forecast did not know', () => {
    const scores = scoreResiduals(actual, actual.map((_, i) => (i % 100 === 7 ? null : wave(i) + Math.sin(i))));
    expect(scores[900]).toBeGreaterThan(0.5);
  });

  it('refuses forecasts of another length', () => {
    expect(() => scoreResiduals(actual, [1])).toThrow('expected: there are 1 forecasts for 1000 values');
  });
});
