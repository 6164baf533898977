import { carryInnovations, expectArima } from '../../src/forecasting/arima/expect-arima';
import { fitArima } from '../../src/forecasting/arima/fit-arima';
import reference from './reference/arima-reference.json';

/** Standard deviation of what was seen. */
function scaleOf(values: readonly (number | null)[]): number {
  const seen = values.filter((value) => value !== null);
  const mean = seen.reduce((sum, value) => sum + value, 0) / seen.length;
  return Math.sqrt(seen.reduce((sum, value) => sum + (value - mean) ** 2, 0) / seen.length);
}

describe(`ARIMA beside ${reference.madeBy}, same order on both sides`, () => {
  it.each(reference.cases.map((one) => [one.name, one] as const))('%s: likelihood, coefficients, forecasts and their spread agree', (_name, one) => {
    const values = Float64Array.from(one.values, (value) => value ?? NaN);
    const fit = fitArima(values, one.order);
    const { mean } = expectArima(fit, values, one.mean.length);
    const scale = scaleOf(one.values);
    mean.forEach((value, h) => expect(Math.abs(value - (one.mean[h] as number)) / scale).toBeLessThan(0.02));
    const psi = carryInnovations(fit, Float64Array.from(mean, (_, h) => (h === 0 ? 1 : 0)));
    let variance = 0;
    psi.forEach((weight, h) => {
      variance += weight * weight * fit.variance;
      expect(Math.sqrt(variance) / (one.deviation[h] as number)).toBeCloseTo(1, 1.7);
    });
    expect(fit.logLikelihood).toBeCloseTo(one.logLikelihood, 2);
    expect(Math.abs(fit.constant - one.constant)).toBeLessThan(0.02 * scale);
    fit.ar.forEach((value, i) => expect(Math.abs(value - (one.ar[i] as number))).toBeLessThan(0.02));
    fit.ma.forEach((value, i) => expect(Math.abs(value - (one.ma[i] as number))).toBeLessThan(0.02));
  });
});
