import fc from 'fast-check';
import { ALARM_SCORE, createAnomalyDetector } from '../../../src/forecasting/anomaly/anomaly-detector';
import { scorePoints } from '../../../src/forecasting/anomaly/score-points';
import { scoreResiduals } from '../../../src/forecasting/anomaly/score-residuals';
import type { LoadPoint } from '../../../src/forecasting/regularize-points';

const STEP_MS = 300_000;
const DAY_ROWS = 288;
const WEEK_ROWS = 7 * DAY_ROWS;

/** Values in 5-minute steps from midnight UTC on. */
const pointsOf = (values: readonly (number | null)[]): LoadPoint[] => values.map((value, i) => ({ atMs: i * STEP_MS, value }));
const scoresOf = (values: readonly (number | null)[]): number[] => [...scorePoints(pointsOf(values))];
const alarmsIn = (values: readonly (number | null)[]): number[] => scoresOf(values).flatMap((score, row) => (score >= ALARM_SCORE ? [row] : []));

/** Repeatable noise in -1..1. */
const noise = (i: number): number => {
  const x = Math.sin(i * 12.9898) * 43758.5453;
  return 2 * (x - Math.floor(x)) - 1;
};
/** A day that goes up and down, with noise. */
const wave = (i: number): number => 50 + 20 * Math.sin((2 * Math.PI * i) / DAY_ROWS) + noise(i);
const series = (rows: number, valueAt: (row: number) => number): number[] => Array.from({ length: rows }, (_, row) => valueAt(row));

describe('the anomaly detector', () => {
  it('does not change a score when the future is cut off', () => {
    const value = fc.oneof(fc.double({ noNaN: true, min: -1e18, max: 1e18 }), fc.constant(null), fc.integer({ min: 0, max: 3 }));
    const points = fc.array(fc.record({ atMs: fc.integer(), value }), { maxLength: 500, size: 'max' });
    fc.assert(
      fc.property(points, fc.nat(), (whole, cut) => {
        const prefix = whole.slice(0, whole.length === 0 ? 0 : cut % whole.length);
        expect(scorePoints(prefix)).toEqual(scorePoints(whole).slice(0, prefix.length));
      }),
      { numRuns: 40 },
    );
  });

  it('does not change the scores of a month either, whichever alarms it had when it was cut', () => {
    const month = pointsOf(series(30 * DAY_ROWS, (i) => wave(i) + (i % 1709 === 1500 ? 80 : 0) + (i > 5000 ? 15 : 0)));
    const scores = scorePoints(month);
    expect(scores.filter((score) => score >= ALARM_SCORE).length).toBeGreaterThan(3);
    for (const rows of [1500, 1501, 5001]) expect(scorePoints(month.slice(0, rows))).toEqual(scores.slice(0, rows));
  });

  it('answers a number in 0..1 to whatever it takes, with times in any order', () => {
    const value = fc.oneof(fc.double({ noNaN: true, min: -1e18, max: 1e18 }), fc.constantFrom(0, 1e18, -1e18, 5e-324, null));
    const points = fc.array(fc.record({ atMs: fc.oneof(fc.integer(), fc.constantFrom(0, -1, 8.64e15, 1e300)), value }), { maxLength: 400, size: 'max' });
    fc.assert(
      fc.property(points, (all) => scorePoints(all).every((score) => score >= 0 && score <= 1)),
      { numRuns: 40 },
    );
  });

  it('has no anomaly in a series that never moves, small or large', () => {
    for (const value of [0, 7, 1e12 / 3, -1e-9]) expect(scoresOf(new Array<number>(3000).fill(value)).every((score) => score === 0)).toBe(true);
  });

  it('has no alarm in days that repeat, large numbers and rounding included', () => {
    expect(alarmsIn(series(2 * WEEK_ROWS, (i) => 1e9 * (3 + Math.sin((2 * Math.PI * i) / DAY_ROWS))))).toEqual([]);
  });

  it('scores the first row of a spike, and not each row of it', () => {
    expect(alarmsIn(series(WEEK_ROWS, (i) => (i >= 1700 && i < 1720 ? 200 : wave(i))))).toEqual([1700]);
  });

  it.each<[string, (row: number) => number]>([
    ['a level that shifts within the range that its noise had before', (i) => 50 + 10 * noise(i) + (i >= 1700 ? 5 : 0)],
    ['noise that grows', (i) => 50 + (i >= 1700 ? 3 : 1) * 5 * noise(i)],
    ['a day that stays down', (i) => 10 + noise(i) + (i % DAY_ROWS >= 144 && i < 1700 ? 70 : 0)],
    ['values that freeze', (i) => (i >= 1700 ? 50 : 50 + 10 * noise(i))],
    ['a course of the hours that never was, of values and a spread that were', (i) => 50 + 10 * Math.sign(Math.sin((2 * Math.PI * i) / (i >= 1700 ? 60 : 20)))],
  ])('alarms at %s, and not before', (_, valueAt) => {
    const alarms = alarmsIn(series(WEEK_ROWS, valueAt));
    expect(alarms[0]).toBeGreaterThanOrEqual(1700);
    expect(alarms[0]).toBeLessThan(1700 + 144 + 24);
  });

  it('alarms again within a day after a weak alarm where it gets far worse, and not after a clear one', () => {
    const then = (first: number, second: number): number[] => series(1900, (i) => (i === 1600 ? first : i === 1700 ? second : 50 + noise(i)));
    expect(alarmsIn(then(52.5, 53))).toEqual([1600]);
    expect(alarmsIn(then(52.5, 90))).toEqual([1600, 1700]);
    expect(alarmsIn(then(90, 120))).toEqual([1600]);
  });

  it.each<[string, LoadPoint]>([
    ['NaN', { atMs: 0, value: NaN }],
    ['infinity', { atMs: 0, value: Infinity }],
    ['a number beyond reason', { atMs: 0, value: 1e308 }],
    ['a time that is none', { atMs: NaN, value: 1 }],
    ['a gap at a time that is none', { atMs: Infinity, value: null }],
  ])('refuses %s and stays as it was', (_, bad) => {
    const detector = createAnomalyDetector();
    const twin = createAnomalyDetector();
    for (const point of pointsOf(series(700, (i) => (i === 650 ? 200 : wave(i))))) {
      expect(() => detector.observe(bad)).toThrow(/^(value|atMs): expected|^value: 1e\+308 is beyond/);
      expect(detector.observe(point)).toBe(twin.observe(point));
    }
  });

  it('gives a gap no score and learns nothing from it', () => {
    const points = pointsOf(series(700, (i) => (i === 650 ? 300 : wave(i))));
    const scores = scorePoints(points.flatMap((point) => [point, { atMs: point.atMs + 1, value: null }]));
    expect(scores.filter((_, i) => i % 2 === 0)).toEqual(scorePoints(points));
    expect(scores.filter((_, i) => i % 2 === 1).every((score) => score === 0)).toBe(true);
  });

  it('knows the time of day where rows are missing or repeat', () => {
    const points = pointsOf(series(WEEK_ROWS, wave)).filter((_, i) => (i * 7) % 11 !== 0);
    expect([...scorePoints(points.flatMap((point) => [point, point]))].filter((score) => score >= ALARM_SCORE)).toEqual([]);
  });
});

describe('the score of forecast errors', () => {
  const actual = pointsOf(series(1000, (i) => (i >= 900 ? 500 : wave(i))));

  it('finds no anomaly where the forecast knew', () => {
    expect(scoreResiduals(actual, actual.map(({ value }) => value)).every((score) => score === 0)).toBe(true);
  });

  it('finds one where the forecast did not know', () => {
    const scores = scoreResiduals(actual, actual.map((_, i) => (i % 100 === 7 ? null : wave(i) + Math.sin(i))));
    expect(scores[900]).toBeGreaterThan(0.9);
    expect(scores[900]).toBe(Math.max(...scores));
  });

  it('refuses forecasts of another length', () => {
    expect(() => scoreResiduals(actual, [1])).toThrow('expected: there are 1 forecasts for 1000 values');
  });
});
