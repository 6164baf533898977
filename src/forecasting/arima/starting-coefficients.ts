import { fitAutoregression } from '../additive/fit-autoregression';
import { solveCholesky } from '../additive/solve-cholesky';
import type { ArimaOrder } from './arima-process';
import { difference } from './difference';

/** Keeps the regression solvable where innovations are nearly a combination of the values. */
const RIDGE = 1e-6;

/**
 * Rough coefficients to start the likelihood's search from (Hannan and Rissanen 1982): innovations of a long autoregression stand in for the
 * true ones, and one regression on past values and innovations gives both kinds of coefficients.
 *
 * @param values NaN for gaps, which count as the mean here
 */
export function startingCoefficients(values: Float64Array, { ar, differences, ma }: ArimaOrder): { ar: Float64Array; ma: Float64Array } {
  const series = centred(difference(values, differences));
  const innovations = ma === 0 ? series : innovationsOf(series);
  const size = ar + ma;
  const gram = new Float64Array(size * size);
  const right = new Float64Array(size);
  const row = new Float64Array(size);
  for (let t = Math.max(ar, ma); t < series.length; t++) {
    for (let j = 0; j < ar; j++) row[j] = series[t - 1 - j] as number;
    for (let j = 0; j < ma; j++) row[ar + j] = innovations[t - 1 - j] as number;
    for (let i = 0; i < size; i++) {
      right[i] = (right[i] as number) + (row[i] as number) * (series[t] as number);
      for (let j = 0; j <= i; j++) gram[i * size + j] = (gram[i * size + j] as number) + (row[i] as number) * (row[j] as number);
    }
  }
  const penalty = Float64Array.from({ length: size }, (_, i) => RIDGE * (1e-12 + (gram[i * size + i] as number)) + Number.MIN_VALUE);
  const solution = gram.some((value, at) => at % (size + 1) === 0 && value === 0) ? new Float64Array(size) : solveCholesky(gram, penalty, right);
  return { ar: solution.subarray(0, ar), ma: solution.subarray(ar) };
}

function innovationsOf(series: Float64Array): Float64Array {
  const coefficients = fitAutoregression(series);
  return series.map((value, t) => coefficients.reduce((sum, coefficient, j) => sum - coefficient * (series[t - 1 - j] ?? 0), value));
}

function centred(series: Float64Array): Float64Array {
  const seen = series.filter((value) => !Number.isNaN(value));
  const mean = seen.reduce((sum, value) => sum + value, 0) / Math.max(1, seen.length);
  return series.map((value) => (Number.isNaN(value) ? 0 : value - mean));
}
