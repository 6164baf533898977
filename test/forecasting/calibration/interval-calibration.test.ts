import { applyCalibration, neutralCalibration, updateCalibration } from '../../../src/forecasting/calibration/interval-calibration';
import type { SeriesPrediction } from '../../../src/forecasting/forecast-model';

const LEVELS = [0.05, 0.1, 0.5, 0.9, 0.95];
const NORMAL = [-1.644854, -1.281552, 0, 1.281552, 1.644854];
const forecast = (width: number): SeriesPrediction => {
  const row = NORMAL.map((z) => 50 + width * z);
  return { id: 'i-1', issuedAtMs: 0, stepMs: 300_000, levels: LEVELS, quantiles: [row], mean: [50], peakQuantiles: row, notes: [] };
};

function normals(seed: number): () => number {
  let state = seed;
  const uniform = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** Coverage of the 90 % and the 80 % interval, of the step and the peak, over the last half. */
function lateCoverage(width: number, noise: (round: number) => number): number[] {
  const rounds = 8000;
  const next = normals(7);
  let calibration = neutralCalibration(LEVELS, [0]);
  const hits = [0, 0, 0, 0];
  for (let round = 0; round < rounds; round++) {
    const value = 50 + noise(round) * next();
    const { quantiles, peakQuantiles } = applyCalibration(calibration, forecast(width));
    if (round >= rounds / 2) {
      [quantiles[0] as readonly number[], peakQuantiles].forEach((row, r) => {
        for (const pair of [0, 1]) if (value >= (row[pair] as number) && value <= (row[4 - pair] as number)) hits[2 * r + pair] = (hits[2 * r + pair] as number) + 1;
      });
    }
    calibration = updateCalibration(calibration, forecast(width), [value]);
  }
  return hits.map((count) => count / (rounds / 2));
}

function expectNominal([step90, step80, peak90, peak80]: number[]): void {
  for (const [covered, nominal] of [[step90, 0.9], [step80, 0.8], [peak90, 0.9], [peak80, 0.8]]) expect(Math.abs((covered as number) - (nominal as number))).toBeLessThan(0.02);
}

describe('interval calibration', () => {
  it('covers as promised although the forecaster is too narrow by half and the noise doubles', () => {
    expectNominal(lateCoverage(0.5, (round) => (round < 4000 ? 1 : 2)));
  });

  it('leaves a calibrated forecaster calibrated', () => {
    expectNominal(lateCoverage(1, () => 1));
  });

  it('starts neutral, survives JSON and learns nothing from a gap', () => {
    const neutral = neutralCalibration(LEVELS, [0]);
    expect(applyCalibration(neutral, forecast(1))).toEqual(forecast(1));
    expect(updateCalibration(JSON.parse(JSON.stringify(neutral)) as typeof neutral, forecast(1), [null])).toEqual(neutral);
  });

  it('keeps order and bounds where an inner pair outgrew the outer one', () => {
    const row = applyCalibration({ ...neutralCalibration(LEVELS, [0]), logSpreads: [[0, 3]] }, forecast(10), { lower: 0, upper: 100 }).quantiles[0] as readonly number[];
    expect(row).toEqual([0, 0, 50, 100, 100]);
  });

  it('names bad levels and values', () => {
    expect(() => neutralCalibration([0.1, 0.5, 0.8], [0])).toThrow(/levels/);
    expect(() => updateCalibration(neutralCalibration(LEVELS, [0]), forecast(1), [NaN])).toThrow(/actual/);
  });
});
