import fc from 'fast-check';
import { STANDARD_LEVELS } from '../../src/forecasting/forecast-model';
import { widenPrediction } from '../../src/forecasting/widen-prediction';

const prediction = (values: readonly number[]) => {
  const row = values.toSorted((a, b) => a - b);
  return { id: 's', issuedAtMs: 0, stepMs: 300_000, levels: STANDARD_LEVELS, quantiles: [row], mean: [50], peakQuantiles: row, notes: [] };
};

describe('widening a prediction', () => {
  it('stretches steps and peak around their medians, each by its own factor, and leaves the mean', () => {
    const { quantiles, peakQuantiles, mean } = widenPrediction(prediction(STANDARD_LEVELS.map((level) => 100 * level)), { spread: 0.5, peakSpread: 1.2 }, {});
    expect([quantiles[0]?.[0], quantiles[0]?.[9], quantiles[0]?.[18]]).toEqual([27.5, 50, 72.5]);
    expect(peakQuantiles[18]).toBeCloseTo(104, 10);
    expect(mean).toEqual([50]);
  });

  it('keeps the bounds and never lets quantiles cross', () => {
    const values = fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 19, maxLength: 19 });
    const factor = fc.double({ min: 0.1, max: 5, noNaN: true });
    fc.assert(
      fc.property(values, factor, factor, (some, spread, peakSpread) => {
        const { quantiles, peakQuantiles } = widenPrediction(prediction(some), { spread, peakSpread }, { lower: 0, upper: 100 });
        for (const row of [quantiles[0] ?? [], peakQuantiles]) expect(row.every((value, l) => value >= 0 && value <= 100 && value >= (row[l - 1] ?? 0))).toBe(true);
      }),
    );
  });
});
