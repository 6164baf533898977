import fc from 'fast-check';
import { STANDARD_LEVELS } from '../../../src/forecasting/forecast-model';
import { createGateModel } from '../../../src/forecasting/gate/gate-model';
import { GATE } from '../../../src/forecasting/gate/gate-settings';
import { shippedGates } from '../../../src/forecasting/gate/shipped-gates';
import { peakHistory } from '../../../src/forecasting/peak/peak-history';
import { askPeakRules, PEAK_RULE_NAMES } from '../../../src/forecasting/peak/peak-rules';
import { fromPeakWeightsFile, toPeakWeightsFile } from '../../../src/forecasting/peak/peak-weights-file';
import { predictPeak } from '../../../src/forecasting/peak/predict-peak';
import { windowMaxima } from '../../../src/forecasting/peak/window-maxima';
import { lehmer } from '../../../src/forecasting/training/train-gate';

const DAY = 48;

/** Days with a hump and noise; every day's highest value differs. */
function days(count: number, seed = 1): Float64Array {
  const random = lehmer(seed);
  const heights = Array.from({ length: count }, () => 40 + 20 * random());
  return Float64Array.from({ length: count * DAY }, (_, i) => 10 + (heights[Math.floor(i / DAY)] as number) * Math.max(0, Math.sin((2 * Math.PI * (i % DAY)) / DAY)) + random());
}

function peakOf(values: Float64Array, horizon = DAY): Float64Array | null {
  return predictPeak(shippedGates.peak, { values, end: values.length, dayLength: DAY }, horizon, STANDARD_LEVELS);
}

describe('the highest value of every window', () => {
  it('is what looking at each window tells', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 12 }), (values, width) => {
        const expected = values.length < width ? [] : values.slice(width - 1).map((_, i) => Math.max(...values.slice(i, i + width)));
        expect([...windowMaxima(Float64Array.from(values), width)]).toEqual(expected);
      }),
    );
  });
});

describe('the forecast of the highest value over a day', () => {
  it('rises along the levels and lies where the past days had theirs', () => {
    const peak = peakOf(days(14)) as Float64Array;
    expect([...peak].every((value, l) => Number.isFinite(value) && value >= (peak[l - 1] ?? -Infinity))).toBe(true);
    expect(peak[9]).toBeGreaterThan(50);
    expect(peak[9]).toBeLessThan(72);
    expect(peak[18]).toBeGreaterThan(68);
  });

  it('does not depend on the unit', () => {
    const values = days(14);
    const percent = peakOf(values) as Float64Array;
    const bytes = peakOf(values.map((value) => value * 1e6)) as Float64Array;
    bytes.forEach((value, l) => expect(value / 1e6).toBeCloseTo(percent[l] as number, 6));
  });

  it('is the same again, and knows nothing of what lies beyond its end', () => {
    const values = days(14);
    const longer = Float64Array.from([...values, ...new Array<number>(DAY).fill(1e6)]);
    expect(predictPeak(shippedGates.peak, { values: longer, end: values.length, dayLength: DAY }, DAY, STANDARD_LEVELS)).toEqual(peakOf(values));
  });

  it('tells a load that never changed exactly', () => {
    expect(new Set(peakOf(new Float64Array(10 * DAY).fill(7.3)))).toEqual(new Set([7.3]));
  });

  it('leaves more room above a load that burst before than above one that did not', () => {
    const calm = Float64Array.from(days(14), (value) => Math.min(value, 30));
    const burst = calm.slice();
    for (const at of [100, 260, 400, 530]) burst[at] = 95;
    const room = (values: Float64Array) => (peakOf(values) as Float64Array)[18] as number;
    expect(room(burst)).toBeGreaterThan(60);
    expect(room(calm)).toBeLessThan(40);
  });

  it('is not made for a part of a day, nor from less than three horizons', () => {
    expect(peakOf(days(14), DAY - 1)).toBeNull();
    expect(peakOf(days(2))).toBeNull();
  });

  it('goes on beyond the outermost levels', () => {
    const values = days(14);
    const [low, top, beyond] = predictPeak(shippedGates.peak, { values, end: values.length, dayLength: DAY }, DAY, [0.01, 0.95, 0.99]) as Float64Array;
    expect(beyond).toBeGreaterThan(top as number);
    expect(low).toBeLessThan(top as number);
  });

  it('is never a NaN, whatever the load', () => {
    const load = fc.array(fc.oneof(fc.double({ min: 0, max: 1e18, noNaN: true }), fc.constant(0), fc.double({ min: 0, max: 1e-12, noNaN: true })), { minLength: 24, maxLength: 120 });
    fc.assert(
      fc.property(load, (values) => {
        const peak = predictPeak(shippedGates.peak, { values: Float64Array.from(values), end: values.length, dayLength: 8 }, 8, STANDARD_LEVELS);
        expect([...(peak as Float64Array)].every((value, l, all) => Number.isFinite(value) && value >= (all[l - 1] ?? -Infinity))).toBe(true);
      }),
    );
  });

  it('is the peak that the gate model answers with, not below any step', async () => {
    const values = [...days(14)];
    const fitted = await createGateModel(shippedGates, GATE).fit([{ id: 'a', startAtMs: 0, stepMs: 1_800_000, values, bounds: { lower: 0 } }], { seed: 1 });
    const [prediction] = fitted.predict(DAY, STANDARD_LEVELS);
    const peak = peakOf(Float64Array.from(values)) as Float64Array;
    prediction?.peakQuantiles.forEach((value, l) => expect(value).toBe(Math.max(peak[l] as number, ...prediction.quantiles.map((row) => row[l] as number))));
  });
});

describe('the rules for the highest value', () => {
  it('are those that the shipped weights were trained for, and the weights survive their file', () => {
    expect(shippedGates.peak.rules).toEqual(PEAK_RULE_NAMES);
    expect(fromPeakWeightsFile(toPeakWeightsFile(shippedGates.peak))).toEqual(shippedGates.peak);
  });

  it('expect more than was ever seen where few days are known', () => {
    const rows = askPeakRules(peakHistory(days(5), DAY, DAY), [0.5, 0.95]);
    const of = (name: string) => rows[PEAK_RULE_NAMES.indexOf(name)] as Float64Array;
    expect(of('all-tail')[1]).toBeGreaterThan(of('all')[1] as number);
    expect(rows[PEAK_RULE_NAMES.indexOf('weekday')]).toBeNull();
  });
});
